import '@fontsource-variable/figtree/index.css';
import '@fontsource-variable/literata/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { openSession } from './api/open-session.ts';
import { App } from './app.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';

/** What the server adds to the address of the page when somebody has signed in elsewhere. */
const arrivedHash = '#signed-in';

const root = document.getElementById('root');
if (root) {
  const entry = openSession(localStorage);
  const arrived = window.location.hash === arrivedHash;
  if (arrived) window.history.replaceState(null, '', window.location.pathname);
  void entry.session.resume(arrived);
  window.addEventListener('online', entry.session.hurry);
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
