import type { KeptStorage } from '../../api/kept-storage.ts';

/** The first script of the page that is open, as its address stands in the page: each build has its own. */
const ownScript = (page: Document): string | null =>
  page.querySelector('script[type="module"][src]')?.getAttribute('src') ?? null;

/** Whether the server has another build than the page that is open; not where it cannot be asked. */
export async function isNewerPage(ask: typeof fetch, page: Document): Promise<boolean> {
  const own = ownScript(page);
  if (own === null) return false;
  try {
    const reply = await ask('/', { cache: 'no-store' });
    return reply.ok && !(await reply.text()).includes(own);
  } catch {
    return false;
  }
}

/**
 * A part of the page could not be loaded: where that is because a newer build took its place, the page is loaded again, once for
 * each build. Answers under way are on the server, and drafts in the browser.
 */
export async function loadNewerPage(
  isNewer: () => Promise<boolean>,
  page: Document,
  storage: KeptStorage,
  reload: () => void,
): Promise<void> {
  const own = ownScript(page) ?? '';
  if (storage.getItem(reloadedKey) === own || !(await isNewer())) return;
  storage.setItem(reloadedKey, own);
  reload();
}

const reloadedKey = 'lamplight.reloaded';
