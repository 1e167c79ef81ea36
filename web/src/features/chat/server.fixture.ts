import { act } from '@testing-library/react';
import type { Message } from '#contract/conversations.ts';
import type { ClientFrame, ServerFrame } from '#contract/socket.ts';

const createdAt = new Date().toISOString();
export const message = (id: string, changes: Partial<Message> = {}): Message => ({
  id,
  conversationId: 'c1',
  role: 'user',
  status: 'complete',
  text: `text of ${id}`,
  createdAt,
  ...changes,
});

type Reply = readonly [status: number, body?: unknown];

/** A server in the place of the network: what `fetch` and `WebSocket` reach. */
export class Server {
  messages: Message[] = [];
  titles = new Map([['c1', 'Tides']]);
  models = { items: [model('demo', true)], default: 'demo' };
  isSessionOver = false;
  options = { registration: 'open', guests: true, banner: '' };
  me = {
    id: 'p',
    name: 'Ada',
    role: 'guest',
    timeZone: 'UTC',
    language: 'en',
    storyMails: true,
    hasPassword: false,
    createdAt,
    expiresAt: createdAt,
  };
  readonly requests: string[] = [];
  /** What was sent, by request, in order. */
  readonly bodies: Array<readonly [request: string, body: unknown]> = [];
  /** Other routes, by `METHOD /path` without its query. */
  readonly others = new Map<string, (query: URLSearchParams) => Reply | Promise<Reply>>();
  readonly sockets: FakeSocket[] = [];

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = `${init?.method ?? 'GET'} ${String(input)}`;
    this.requests.push(request);
    const sent = init?.body;
    if (sent !== undefined) this.bodies.push([request, sent instanceof Blob ? sent : JSON.parse(String(sent))]);
    const [status, body] =
      this.isSessionOver && !request.endsWith('/options')
        ? refuse('session_expired', 401)
        : await this.#answer(request, String(init?.body));
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  };

  #answer(request: string, body: string): Reply | Promise<Reply> {
    const [route = '', query] = request.split('?');
    const other = this.others.get(route);
    if (other) return other(new URLSearchParams(query));
    if (request === 'GET /api/me') return [200, this.me];
    if (request === 'GET /api/auth/options') return [200, this.options];
    if (request === 'GET /api/models') return [200, this.models];
    if (request === 'POST /api/auth/ticket') return [201, { ticket: 'x', expiresIn: 30 }];
    if (request.startsWith('POST /api/runs/')) return [202];
    if (request === 'POST /api/auth/logout') return [204];
    if (request.endsWith('/retry')) return [202, runOf('again', 'm3')];
    if (/^GET \/api\/conversations($|\?)/.test(request)) return [200, { items: this.#list() }];
    const id = /^\w+ \/api\/conversations\/(\w+)/.exec(request)?.[1] ?? '';
    if (!this.titles.has(id)) return refuse('not_found', 404);
    if (request.startsWith('PATCH')) this.titles.set(id, JSON.parse(body).title);
    if (request.startsWith('DELETE')) return [204, void this.titles.delete(id)];
    if (request.includes('/messages')) return [200, { items: this.messages }];
    return [200, this.#list().find((each) => each.id === id)];
  }

  #list() {
    return [...this.titles].map(([id, title]) => ({ id, title, createdAt, updatedAt: createdAt }));
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('No socket was opened.');
    return last;
  }
}

export const refuse = (code: string, status: number): [number, unknown] => [
  status,
  { error: { code, message: 'It was refused.', traceId: 'feedbeef00000000' } },
];
export const model = (id: string, demo: boolean) => ({
  id,
  name: `Model ${id}`,
  contextTokens: 1,
  vision: false,
  price: { inputPerMillion: 0, outputPerMillion: 0 },
  demo,
});
export const runOf = (runId: string, messageId: string) => ({
  runId,
  conversationId: 'c1',
  messageId,
  userMessageId: 'm1',
  clientMessageId: 'x',
  model: 'demo',
  status: 'running' as const,
});

export class FakeSocket {
  onmessage: ((event: { data: string }) => void) | undefined;
  onclose: ((event: { code: number }) => void) | undefined;
  readonly sent: ClientFrame[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {}

  say(frame: ServerFrame): void {
    act(() => this.onmessage?.({ data: JSON.stringify(frame) }));
  }
}
