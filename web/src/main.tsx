import '@fontsource-variable/figtree/index.css';
import '@fontsource-variable/literata/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { Session } from './api/session.ts';
import { App } from './app.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';

const root = document.getElementById('root');
if (root) {
  const session = new Session(localStorage);
  window.addEventListener('storage', session.follow);
  createRoot(root).render(
    <StrictMode>
      <ErrorBoundary>
        <BrowserRouter>
          <App session={session} />
        </BrowserRouter>
      </ErrorBoundary>
    </StrictMode>,
  );
}
