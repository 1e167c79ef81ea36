import i18next from 'i18next';
import { toast } from 'sonner';
import { keptStorage } from '../../api/kept-storage.ts';
import { isNewerPage, loadNewerPage } from './newer-page.ts';
import { watchWorker } from './watch-worker.ts';

/** Keeps the page's files for when there is no network, and tells of a new version. */
export function watchVersions(): void {
  const isNewer = () => isNewerPage(fetch, document);
  const storage = keptStorage(() => sessionStorage);
  const reload = () => window.location.reload();
  window.addEventListener('vite:preloadError', () => void loadNewerPage(isNewer, document, storage, reload));
  // Browsers have none over plain HTTP.
  if (!('serviceWorker' in navigator)) return;
  window.addEventListener('load', () => {
    watchWorker({ workers: navigator.serviceWorker, page: document, isNewer, onNew: offerVersion, reload }).catch(
      // The page works without; whoever looks why it does not open offline finds this.
      (error: unknown) => console.warn('The service worker was refused.', error),
    );
  });
}

/** Stays until it is taken or put away. */
export function offerVersion(load: () => void): void {
  toast(i18next.t('new-version:offer.title'), {
    id: 'new-version',
    description: i18next.t('new-version:offer.kept'),
    duration: Number.POSITIVE_INFINITY,
    closeButton: true,
    action: { label: i18next.t('new-version:offer.load'), onClick: load },
  });
}
