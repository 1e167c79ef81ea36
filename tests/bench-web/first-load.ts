import { get } from 'node:http';
import type { Browser } from 'playwright-core';
import { composerSelector, openThrottled, type SignedIn } from './throttled-page.ts';

export interface FirstLoad {
  /** Of all scripts that the page asked for until then, compressed with gzip. */
  readonly scriptBytes: number;
  /** From the start of the navigation until the composer is there and has the focus. */
  readonly readyMs: number;
  readonly state: SignedIn;
}

/** A page for writing, in a browser that was never here but has a session; of a conversation, until its answers are there too. */
export async function measureFirstLoad(
  browser: Browser,
  url: string,
  signedIn: SignedIn,
  { withAnswers = false } = {},
): Promise<FirstLoad> {
  const { page, state, close } = await openThrottled(browser, signedIn);
  try {
    const scripts = new Set<string>();
    page.on('request', (request) => {
      if (request.resourceType() === 'script') scripts.add(request.url());
    });
    await page.goto(url);
    const readyMs = await page.evaluate<number>(`new Promise((resolve) => {
      const look = () =>
        document.activeElement?.matches('${composerSelector}') ? resolve(performance.now()) : requestAnimationFrame(look);
      look();
    })`);
    if (withAnswers) await page.locator('article[data-role="assistant"] .answer-text').last().waitFor();
    const sizes = await Promise.all([...scripts].map(gzippedBytes));
    return { readyMs, scriptBytes: sizes.reduce((sum, size) => sum + size, 0), state: await state() };
  } finally {
    await close();
  }
}

/** What a browser that takes gzip alone gets. */
const gzippedBytes = (url: string): Promise<number> =>
  new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve(bytes)).on('error', reject);
    }).on('error', reject);
  });
