import { QueryClient } from '@tanstack/react-query';
import { Answers } from '../../../api/answers.ts';
import { ApiError } from '../../../api/api-error.ts';
import type { Api } from '../../../api/http.ts';
import { newId } from '../../../api/new-id.ts';
import type { Entry } from '../../../api/open-session.ts';
import { Outbox } from '../../../api/outbox.ts';
import { pacedPaint } from '../../../api/paced-paint.ts';
import { serverOrigin } from '../../../api/server-origin.ts';
import type { Session } from '../../../api/session.ts';
import { openWebSocket, Socket } from '../../../api/socket.ts';
import { afterTimeout } from '../../../api/timers.ts';
import { beforeFrame, layOut } from '../../../ui/before-frame.ts';
import { Drawing } from '../../../ui/drawing.ts';
import { Drafts } from '../composer/drafts.ts';
import { Commands } from '../keys/commands.ts';
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
  /** Answers whose latest words are being drawn. */
  readonly drawing: Drawing;
  readonly commands: Commands;
}

const mostRetries = 3;

export function createChatClient({ session, api, storage }: Entry): ChatClient {
  const person = personIn(session) ?? '';
  const drafts = new Drafts(storage, person);
  const queries = new QueryClient({
    defaultOptions: {
      // Without a network nothing waits unseen: it fails, and says why.
      queries: {
        networkMode: 'always',
        refetchOnReconnect: true,
        staleTime: 60_000,
        retry: isWorthRetrying,
        refetchOnWindowFocus: false,
      },
      mutations: { networkMode: 'always' },
    },
  });
  const origin = serverOrigin();
  const outbox = new Outbox({
    storage,
    owner: person,
    send: (frame) => socket.send(frame),
    newId,
    after: afterTimeout,
  });
  const drawing = new Drawing();
  const answers = new Answers({
    send: (frame) => socket.send(frame),
    beforePaint: pacedPaint({
      frame: requestAnimationFrame,
      after: afterTimeout,
      drawn: drawing.whenDone,
      beforeFrame,
      layOut: () => {
        layOut();
        drawing.laidOut.tell();
      },
      now: () => performance.now(),
    }),
    after: afterTimeout,
    random: Math.random,
  });
  const live = new LiveUpdates({ queries, answers, outbox, now: () => new Date() });
  const socket = new Socket({
    ticket: async (signal) => (await api('POST /api/auth/ticket', { signal })).ticket,
    open: openWebSocket(origin),
    onFrame: (frame) => live.receive(frame),
    onReady: (again) => live.ready(again),
    after: afterTimeout,
    now: Date.now,
    random: Math.random,
    online: () => navigator.onLine,
  });
  return { session, api, queries, socket, answers, outbox, drafts, live, drawing, commands: new Commands() };
}

/** Keeps the client's socket open and awake, and clears up after its person; the answer closes it. */
export function connect({ session, queries, socket, outbox, drafts }: ChatClient): () => void {
  const shown = () => {
    if (document.visibilityState === 'visible') socket.hurry();
  };
  const stored = ({ key }: StorageEvent) => {
    if (outbox.isKeptAt(key)) outbox.changedElsewhere();
    if (drafts.isKeptAt(key)) drafts.changedElsewhere();
  };
  const person = personIn(session);
  let isGuestHere = isGuest(session);
  let hasEnded = session.state().kind === 'ended';
  const forget = session.subscribe(() => {
    const state = session.state();
    if (state.kind === 'active' && state.person === person) {
      // A guest who became a user is the same person, and is told as such; who signed in again may have missed anything.
      void queries.invalidateQueries(hasEnded ? {} : { queryKey: queryKeys.me });
      hasEnded = false;
      isGuestHere = state.holder === 'guest';
      socket.start();
    } else if (state.kind === 'ended' && state.holder === 'account') {
      // What waits is kept: whoever it is may sign in again.
      hasEnded = true;
      socket.stop();
    } else if (state.kind === 'left') {
      // Whoever signs out, or deletes their account, here or in another tab, leaves nothing unsent behind.
      drafts.clear();
      outbox.clear();
    } else if (state.kind !== 'ended' && isGuestHere) {
      // Somebody else took the place of a guest, who cannot come back. Else what a guest wrote goes over to the next one (`carryOver`).
      outbox.clear();
    }
  });
  if (!hasEnded) socket.start();
  window.addEventListener('online', socket.hurry);
  window.addEventListener('offline', socket.lost);
  window.addEventListener('storage', stored);
  document.addEventListener('visibilitychange', shown);
  return () => {
    forget();
    window.removeEventListener('online', socket.hurry);
    window.removeEventListener('offline', socket.lost);
    window.removeEventListener('storage', stored);
    document.removeEventListener('visibilitychange', shown);
    socket.stop();
  };
}

function personIn(session: Session): string | undefined {
  const state = session.state();
  return state.kind === 'active' || state.kind === 'ended' ? state.person : undefined;
}

function isGuest(session: Session): boolean {
  const state = session.state();
  return state.kind === 'active' && state.holder === 'guest';
}

/** A refusal stays one; what could not be reached, or failed on the server's side, is tried again. */
function isWorthRetrying(failures: number, error: unknown): boolean {
  const isOurFault =
    error instanceof ApiError &&
    !['unreachable', 'internal', 'store_unavailable', 'too_busy', 'draining'].includes(error.code);
  return !isOurFault && failures < mostRetries;
}
