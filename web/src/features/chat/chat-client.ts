import { QueryClient } from '@tanstack/react-query';
import { Answers } from '../../api/answers.ts';
import { ApiError } from '../../api/api-error.ts';
import type { Api } from '../../api/http.ts';
import { newId } from '../../api/new-id.ts';
import type { Entry } from '../../api/open-session.ts';
import { Outbox } from '../../api/outbox.ts';
import { serverOrigin } from '../../api/server-origin.ts';
import type { Session } from '../../api/session.ts';
import { openWebSocket, Socket } from '../../api/socket.ts';
import { afterTimeout } from '../../api/timers.ts';
import { Drafts } from './drafts.ts';
import { LiveUpdates } from './live-updates.ts';
import { queryKeys } from './message-cache.ts';

/** Everything that one session's chat works with. */
export interface ChatClient {
  readonly session: Session;
  readonly api: Api;
  readonly queries: QueryClient;
  readonly socket: Socket;
  readonly answers: Answers;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly live: LiveUpdates;
}

const mostRetries = 3;

export function createChatClient({ session, api }: Pick<Entry, 'session' | 'api'>): ChatClient {
  const drafts = new Drafts(localStorage);
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: 60_000, retry: isWorthRetrying, refetchOnWindowFocus: false } },
  });
  const origin = serverOrigin();
  const outbox = new Outbox({
    storage: sessionStorage,
    send: (frame) => socket.send(frame),
    newId,
  });
  const answers = new Answers({
    send: (frame) => socket.send(frame),
    beforePaint: (callback) => requestAnimationFrame(callback),
  });
  const live = new LiveUpdates({ queries, answers, outbox, now: () => new Date() });
  const socket = new Socket({
    ticket: async () => (await api('POST /api/auth/ticket', {})).ticket,
    open: openWebSocket(origin),
    onFrame: (frame) => live.receive(frame),
    onReady: (again) => live.ready(again),
    after: afterTimeout,
    random: Math.random,
    online: () => navigator.onLine,
  });
  return { session, api, queries, socket, answers, outbox, drafts, live };
}

/** Keeps the client's socket open and awake, and clears up after its person; the answer closes it. */
export function connect({ session, queries, socket, drafts, outbox }: ChatClient): () => void {
  const shown = () => {
    if (document.visibilityState === 'visible') socket.hurry();
  };
  const person = personIn(session);
  const forget = session.subscribe(() => {
    // A guest who became a user is the same person, and is told as such.
    if (personIn(session) === person) return void queries.invalidateQueries({ queryKey: queryKeys.me });
    // Nobody else's session sends what this person wrote.
    if (session.state().kind === 'ended') drafts.carryOver(outbox.all().map(({ text }) => text));
    outbox.clear();
  });
  socket.start();
  window.addEventListener('online', socket.hurry);
  window.addEventListener('offline', socket.lost);
  document.addEventListener('visibilitychange', shown);
  return () => {
    forget();
    window.removeEventListener('online', socket.hurry);
    window.removeEventListener('offline', socket.lost);
    document.removeEventListener('visibilitychange', shown);
    socket.stop();
  };
}

function personIn(session: Session): string | undefined {
  const state = session.state();
  return state.kind === 'active' ? state.person : undefined;
}

/** A refusal stays one; what could not be reached, or failed on the server's side, is tried again. */
function isWorthRetrying(failures: number, error: unknown): boolean {
  const isOurFault =
    error instanceof ApiError &&
    !['unreachable', 'internal', 'store_unavailable', 'too_busy', 'draining'].includes(error.code);
  return !isOurFault && failures < mostRetries;
}
