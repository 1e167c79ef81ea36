import type { Browser, BrowserContext } from 'playwright-core';
import type { Person } from '#tests/e2e/people.ts';
import type { Viewer } from './screens.ts';
import type { Scenes } from './seed-scenes.ts';

/** How a page is looked at. */
export interface Looks {
  readonly width: number;
  readonly theme: 'light' | 'dark';
  readonly language: 'en' | 'ar';
}

const heights: Readonly<Record<number, number>> = { 390: 844, 768: 1024, 1280: 800 };

/** Whose account a viewer has; nobody's where there is none. */
export const personOf = (viewer: Viewer, { user, admin }: Scenes): Person | undefined =>
  ({ nobody: undefined, guest: undefined, person: user, administrator: admin })[viewer];

/** A browser in which this viewer is signed in already, and the page looks like this. */
export async function contextFor(
  browser: Browser,
  { url, viewer, person, looks }: { url: string; viewer: Viewer; person: Person | undefined; looks: Looks },
): Promise<BrowserContext> {
  const { width, theme, language } = looks;
  const context = await browser.newContext({
    viewport: { width, height: heights[width] ?? 800 },
    ...(width < 1280 && { hasTouch: true, isMobile: true }),
    colorScheme: theme,
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
  });
  if (person) {
    const form = { username: person.email, password: person.password };
    await context.request.post(`${url}/api/auth/token`, { form });
  } else if (viewer === 'guest') await context.request.post(`${url}/api/auth/guest`, { data: { name: 'Noor' } });
  const holder = person ? 'account' : viewer === 'guest' ? 'guest' : undefined;
  const kept = { 'lamplight.language': language, ...(holder && { 'lamplight.session': holder }) };
  await context.addInitScript(`
    for (const [key, value] of Object.entries(${JSON.stringify(kept)})) localStorage.setItem(key, value);
  `);
  return context;
}
