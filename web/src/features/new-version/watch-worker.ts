/** How often an open page looks for a new version, in milliseconds; it looks when it comes into sight, too. */
const lookMs = 3_600_000;

export interface WorkerWatch {
  readonly workers: ServiceWorkerContainer;
  readonly page: Document;
  /** Whether the server has another version than the page that is open. */
  readonly isNewer: () => Promise<boolean>;
  /** A new version waits; `load` changes to it. */
  readonly onNew: (load: () => void) => void;
  readonly reload: () => void;
}

/**
 * Keeps the files of the page by the service worker. A new one waits while the old one's pages are open, so that they find their
 * files: only the person changes to it. Rejects where the browser refuses the worker; the page then works without.
 */
export async function watchWorker({ workers, page, isNewer, onNew, reload }: WorkerWatch): Promise<void> {
  const registration = await workers.register('/sw.js', { updateViaCache: 'none' });
  const offer = async () => {
    const { waiting } = registration;
    // A page that was loaded since is the new version already; its worker takes over when the others are closed.
    if (!waiting || !workers.controller || !(await isNewer())) return;
    onNew(() => {
      // Another tab changed to it already.
      if (waiting.state === 'activated') return reload();
      workers.addEventListener('controllerchange', reload, { once: true });
      waiting.postMessage('activate');
    });
  };
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed') void offer();
    });
  });
  // Without a network there is nothing to be found; the next look comes.
  const look = () => void registration.update().catch(() => {});
  page.addEventListener('visibilitychange', () => {
    if (page.visibilityState === 'visible') look();
  });
  setInterval(look, lookMs);
  await offer();
}
