import { Clock } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiError } from '../../api/api-error.ts';
import { createApi } from '../../api/http.ts';
import { serverOrigin } from '../../api/server-origin.ts';
import type { Session } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { FullPage } from '../../ui/full-page.tsx';
import { useTitle } from '../../ui/use-title.ts';

/** Asks for a name and starts a guest session; after one that ended, says so first. */
export function Welcome({ session, ended }: { readonly session: Session; readonly ended: boolean }) {
  const [name, setName] = useState(() => session.lastName());
  const { start, starting, error } = useStart(session);
  const navigate = useNavigate();
  useTitle();
  // Whoever starts here owns nothing yet, so the address of a conversation would lead nowhere.
  useEffect(() => void navigate('/', { replace: true }), [navigate]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) void start(name.trim());
  };
  return (
    <FullPage>
      {ended && <SessionEnded />}
      <form onSubmit={submit} className="flex flex-col gap-6">
        <div className="flex flex-col gap-2">
          <h1 className="font-serif text-display tracking-[-0.01em]">{ended ? 'Welcome back' : 'Good to see you'}</h1>
          <p className="text-ink-soft">
            Talk with a language model. Whatever happens to your connection, no answer is lost.
          </p>
        </div>
        <label className="flex flex-col gap-2">
          <span className="font-medium">Your name</span>
          <input
            value={name}
            onChange={(event) => setName(event.target.value)}
            maxLength={60}
            required
            autoComplete="given-name"
            // The page has one purpose and one field.
            // biome-ignore lint/a11y/noAutofocus: nothing comes before this field
            autoFocus
            className="min-h-12 rounded-control border border-edge bg-surface px-4 text-[1rem]"
          />
        </label>
        {error && (
          <ErrorNote title={error.message} traceId={error.traceId}>
            Nothing was started. Try again in a moment.
          </ErrorNote>
        )}
        <Button look="lamp" type="submit" disabled={starting || !name.trim()} className="min-h-12 text-[1rem]">
          Start
        </Button>
        <p className="text-ink-soft text-small">
          You are a guest here: your conversations stay for this session, which ends after an hour without use.
        </p>
      </form>
    </FullPage>
  );
}

function SessionEnded() {
  return (
    <div role="alert" className="flex gap-3 rounded-card border border-line bg-surface px-4 py-3">
      <Clock className="mt-0.5 size-4.5 shrink-0 text-warn" aria-hidden />
      <div className="flex flex-col gap-1">
        <p className="font-medium">Your session has ended</p>
        <p className="text-ink-soft">
          Guest sessions end after an hour without use. What you were writing is kept; start again to send it.
        </p>
      </div>
    </div>
  );
}

function useStart(session: Session) {
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<ApiError>();
  const start = async (name: string) => {
    setStarting(true);
    setError(undefined);
    try {
      const api = createApi({
        fetch: (...request) => fetch(...request),
        origin: serverOrigin(),
        token: () => undefined,
        onSessionOver: () => {},
      });
      const { access_token } = await api('POST /api/auth/guest', { body: { name } });
      session.start(access_token, name);
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
    } finally {
      setStarting(false);
    }
  };
  return { start, starting, error };
}
