import { Component, type ReactNode } from 'react';
import { traceIdOf } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { ErrorNote } from './error-note.tsx';
import { FullPage } from './full-page.tsx';

/** What shows where drawing the page failed. The server has every answer, so loading it again loses nothing. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (!('error' in this.state)) return this.props.children;
    return (
      <FullPage>
        <ErrorNote
          title="This page could not be shown"
          traceId={traceIdOf(this.state.error)}
          actions={<Button onClick={() => window.location.reload()}>Load it again</Button>}
        >
          Your conversations and answers are kept on the server.
        </ErrorNote>
      </FullPage>
    );
  }
}
