import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { inPage } from './in-page.ts';

export type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>;

/** A page of the app as a slow telephone has it. */
export interface ThrottledPage {
  readonly page: Page;
  readonly devTools: CDPSession;
  /** Evaluates an expression in the page, with nothing of Playwright's beside it, which would be measured as well. */
  evaluate<Value>(expression: string): Promise<Value>;
  /**
   * Waits until the page has loaded what draws answers and maths, as it does by itself after a second, and has rehearsed it unseen;
   * returns when it had, in ms since it began to load.
   */
  leaveAlone(): Promise<number>;
  /** Keeps what the session has become: its token changes with every page. */
  state(): Promise<SignedIn>;
  close(): Promise<void>;
}

const slowdown = 4;
/** Opens an empty page that is signed in, in a browser profile of its own, at a quarter of the processor's speed. */
export async function openThrottled(browser: Browser, storageState: SignedIn): Promise<ThrottledPage> {
  const context = await browser.newContext({ storageState, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const devTools = await context.newCDPSession(page);
  await devTools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(inPage);
  const evaluate = async <Value>(expression: string): Promise<Value> => {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await devTools.send('Runtime.evaluate', asked);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const leaveAlone = () => evaluate<number>('inPage.rehearsed()');
  return { page, devTools, evaluate, leaveAlone, state: () => context.storageState(), close: () => context.close() };
}

export const composerSelector = 'textarea[aria-label="Message"]';
