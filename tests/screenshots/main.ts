/**
 * Pictures of every screen at each width, in both themes and, in Arabic, from right to left: `npm run screenshots` writes them to
 * `screenshots/` as `<screen>-<width>-<theme>[-rtl].png`. It fails where a page logs an error, is wider than its window, or axe
 * finds something. `--only chat,story` takes some screens and `--looks 320-dark,1280-light-rtl` these looks; `--readme` those alone
 * that the documents show, and keeps them there.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '#tests/e2e/launch-browser.ts';
import { clientOf } from '#tests/e2e/people.ts';
import { findChromium } from '#tests/servers/programs.ts';
import { type ScenePlace, startScenePlace } from './scene-place.ts';
import { type Screen, screens, viewers } from './screens.ts';
import { type Scenes, seedScenes } from './seed-scenes.ts';
import { shoot } from './shoot.ts';
import { contextFor, type Looks, personOf } from './viewers.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'screenshots');
const widths = [390, 768, 1280];
/** Right to left comes last: whoever has an account is then asked to read Arabic. */
const allLooks: readonly Looks[] = [
  ...widths.flatMap((width) => [
    { width, theme: 'light', language: 'en' } as const,
    { width, theme: 'dark', language: 'en' } as const,
  ]),
  ...widths.map((width) => ({ width, theme: 'light', language: 'ar' }) as const),
];
/** The pictures that the documents show, as they are named above, each with where it is kept. */
const kept: ReadonlyMap<string, string> = new Map([
  ['chat-1280-light', 'docs/chat.jpg'],
  ['story-1280-light', 'docs/story.jpg'],
  ['administration-1280-dark', 'docs/administration.jpg'],
]);

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    looks: { type: 'string' },
    readme: { type: 'boolean', default: false },
  },
});
const only = options.only?.split(',');
const looksName = ({ width, theme, language }: Looks): string => `${width}-${theme}${language === 'ar' ? '-rtl' : ''}`;
/** The look that is named so. @throws where it is none */
const looksNamed = (name: string): Looks => {
  const [, width, theme, rtl] = /^(\d+)-(light|dark)(-rtl)?$/.exec(name) ?? [];
  if (!width) throw new Error(`${name} is no look: say it as 390-light, 768-dark or 1280-light-rtl.`);
  return { width: Number(width), theme: theme === 'dark' ? 'dark' : 'light', language: rtl ? 'ar' : 'en' };
};
const chosenLooks = options.looks?.split(',').map(looksNamed);
const nameOf = ({ name }: Screen, looks: Looks): string => `${name}-${looksName(looks)}`;
const isWanted = (screen: Screen, looks: Looks): boolean =>
  (screen.isFor?.(looks) ?? true) &&
  (only?.includes(screen.name) ?? true) &&
  (!options.readme || kept.has(nameOf(screen, looks)));

/** All screens with one look; what is wrong with them. */
async function shootAll(
  browser: Browser,
  { place, scenes, looks }: { place: ScenePlace; scenes: Scenes; looks: Looks },
): Promise<string[]> {
  const found: string[] = [];
  for (const viewer of viewers) {
    const theirs = screens.filter((screen) => screen.viewer === viewer && isWanted(screen, looks));
    if (theirs.length === 0) continue;
    const person = personOf(viewer, scenes);
    if (person) {
      const reply = await (await clientOf(place, person)).call('PATCH', '/api/me', { language: looks.language });
      if (reply.status !== 200) throw new Error(`The language was not changed: ${reply.text}`);
    }
    const context = await contextFor(browser, { url: place.url, viewer, person, looks });
    for (const screen of theirs) {
      const file = nameOf(screen, looks);
      const keptAs = options.readme ? kept.get(file) : undefined;
      const shot = { screen, scenes, looks, file, folder, url: place.url };
      found.push(...(await shoot(context, { ...shot, ...(keptAs && { keptAs: join(root, keptAs) }) })));
    }
    await context.close();
  }
  return found;
}

const chromium = findChromium();
if (!chromium) throw new Error('The pictures need a Chromium on the PATH.');
if (!only && !chosenLooks && !options.readme) await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const place = await startScenePlace();
const browser = await launchBrowser(chromium);
const found: string[] = [];
try {
  console.error('Filling Lamplight with people and what they have …');
  const scenes = await seedScenes(place);
  for (const looks of chosenLooks ?? allLooks) {
    const wrong = await shootAll(browser, { place, scenes, looks });
    console.error(`${looksName(looks)}: ${wrong.length} findings`);
    for (const line of wrong) console.error(`  ${line}`);
    found.push(...wrong);
  }
} finally {
  await browser.close();
  await place.stop();
}
console.error(found.length === 0 ? `The pictures are in ${folder}.` : `${found.length} findings.`);
process.exitCode = found.length === 0 ? 0 : 1;
