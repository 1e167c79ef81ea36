import type { ApiError } from '../../api/api-error.ts';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { FullPage } from '../../ui/full-page.tsx';

/** While the server is asked whether this browser is still signed in; it says so where it cannot be asked. */
export function Returning({ error }: { readonly error: ApiError | undefined }) {
  const { session } = useEntry();
  if (!error) return <div aria-busy="true" className="min-h-dvh" />;
  return (
    <FullPage>
      <ErrorNote
        title={error.message}
        traceId={error.traceId}
        actions={<Button onClick={session.hurry}>Try again now</Button>}
      >
        You are still signed in. Your conversations and what you were writing are kept; this page tries again by itself.
      </ErrorNote>
    </FullPage>
  );
}
