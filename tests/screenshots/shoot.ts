import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { axeFindings } from '#tests/e2e/axe.ts';
import { comeToRest, overflowOf } from '#tests/e2e/layout.ts';
import type { Screen } from './screens.ts';
import type { Scenes } from './seed-scenes.ts';
import type { Looks } from './viewers.ts';

/** Taller than this, a page is cut. */
const tallestPx = 4_000;

interface Visit {
  readonly screen: Screen;
  readonly scenes: Scenes;
  readonly looks: Looks;
  readonly url: string;
}

export interface Shot extends Visit {
  /** Of its files, without what follows the dot. */
  readonly file: string;
  readonly folder: string;
  /** Also kept where the documents show it, in less than a picture of every pixel takes. */
  readonly keptAs?: string;
}

/** Takes one picture, and says what is wrong with what it shows. */
export async function shoot(context: BrowserContext, shot: Shot): Promise<readonly string[]> {
  const { screen, folder, file, keptAs } = shot;
  await mkdir(folder, { recursive: true });
  const found = await visit(context, shot, async (page, complaints) => {
    const wrong = [...complaints(), ...(await faultsOf(page, screen))];
    // As people see it: in a window.
    if (keptAs) await page.screenshot({ path: keptAs, type: 'jpeg', quality: 82, animations: 'disabled' });
    if (!screen.isWindow) await grow(page);
    await page.screenshot({ path: join(folder, `${file}.png`), animations: 'disabled', caret: 'initial' });
    return wrong;
  });
  return found.map((each) => `${file}: ${each}`);
}

/** Opens a screen, has done what belongs to it, and closes it after what `look` finds; a page that does not get there is a finding. */
async function visit(
  context: BrowserContext,
  { screen, scenes, looks, url }: Visit,
  look: (page: Page, complaints: () => readonly string[]) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error' && !screen.complaints?.test(line.text())) complaints.push(line.text());
  });
  try {
    await screen.before?.(page);
    await page.goto(url + (screen.address?.(scenes, looks) ?? `/${screen.route}`));
    await page
      .locator(screen.shows ?? 'h1')
      .first()
      .waitFor();
    await settle(page);
    await screen.steps?.(page);
    await settle(page);
    return await look(page, () => complaints.map((complaint) => `the page complains: ${complaint}`));
  } catch (error) {
    return [String(error)];
  } finally {
    await page.close();
    await context.setOffline(false);
  }
}

/** What is wrong with a page as it shows now: what is cut at an edge, and what axe finds. */
async function faultsOf(page: Page, { tolerated }: Screen): Promise<readonly string[]> {
  const wide = await overflowOf(page);
  const found = (await axeFindings(page)).filter((each) => !tolerated?.test(each));
  return [...(wide > 0 ? [`it is ${wide} pixels too wide`] : []), ...found];
}

/** Until what was asked for has come, its pictures and fonts are there and nothing moves. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.locator('main [aria-busy=true]:not(article)').first().waitFor({ state: 'detached' });
  await page.evaluate(`Promise.all([
    document.fonts.ready,
    ...[...document.images].filter(({ loading }) => loading !== 'lazy').map((image) => image.decode().catch(() => {})),
  ])`);
  await comeToRest(page);
}

/** Makes the window as tall as what scrolls in it, so that the picture has all of the page. */
async function grow(page: Page): Promise<void> {
  const size = page.viewportSize();
  if (!size) return;
  const hidden = Number(
    await page.evaluate(`Math.max(...[document.documentElement, ...document.querySelectorAll('main [data-scrolls]')]
      .map((element) => element.scrollHeight - element.clientHeight))`),
  );
  if (hidden <= 0) return;
  await page.setViewportSize({ ...size, height: Math.min(size.height + hidden, tallestPx) });
  await settle(page);
}
