import '@fontsource-variable/figtree/index.css';
import '@fontsource-variable/literata/index.css';
import './arabic-type.css';
import '@fontsource-variable/jetbrains-mono/index.css';
// With the page's own: styles that arrive later have all of it styled anew, in the middle of an answer.
import 'katex/dist/katex.min.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { keptStorage } from './api/kept-storage.ts';
import { openSession } from './api/open-session.ts';
import { App, loadChat } from './app.tsx';
import { startLanguage } from './features/language/start-language.ts';
import { watchVersions } from './features/new-version/watch-versions.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { announcePops } from './ui/pop-notice.ts';
import { layOutAsTypeArrives } from './ui/type.ts';

declare global {
  /** Says that the page did not start; from `public/start.js`. */
  var lamplightNotStarted: () => void;
}

/** What the server adds to the address of the page when somebody has signed in elsewhere. */
const arrivedHash = '#signed-in';

async function start(root: HTMLElement): Promise<void> {
  const entry = openSession(keptStorage(() => localStorage));
  const arrived = window.location.hash === arrivedHash;
  if (arrived) window.history.replaceState(null, '', window.location.pathname);
  void entry.session.resume(arrived);
  // Whoever was signed in most likely still is. What cannot be loaded now is told when it is needed.
  if (entry.session.state().kind === 'unknown') loadChat().catch(() => undefined);
  window.addEventListener('online', entry.session.hurry);
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) entry.session.returned();
  });
  await startLanguage();
  announcePops();
  layOutAsTypeArrives();
  createRoot(root).render(
    <StrictMode>
      <ErrorBoundary>
        <BrowserRouter>
          <App entry={entry} />
        </BrowserRouter>
      </ErrorBoundary>
    </StrictMode>,
  );
}

if (import.meta.env.PROD) watchVersions();
const root = document.getElementById('root');
if (root) {
  start(root).catch((error: unknown) => {
    globalThis.lamplightNotStarted();
    throw error;
  });
}
