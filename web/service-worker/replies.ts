type Fetch = (request: Request, init?: RequestInit) => Promise<Response>;

/** What is no page of the app, whoever serves it, as services/platform/http/static-files.ts has it; and what the edge says of itself. */
export const reserved = /^\/(api|ws|docs|health|edge-health)([/?]|$)/;

/** A network that takes longer, in milliseconds, is as none where something is kept. */
const patienceMs = 5_000;

/** What the network says, if it says anything in time. */
async function inTime<T>(asked: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/** The network's page; the kept one where there is no network, a very slow one, or only a server that is away. */
export async function pageOrShell(
  request: Request,
  fetch: Fetch,
  shell: () => Promise<Response | undefined>,
): Promise<Response> {
  const asked = fetch(request).catch(() => undefined);
  const reply = await inTime(asked);
  if (reply && reply.status < 500) return reply;
  return (await shell()) ?? (await asked) ?? Response.error();
}

/**
 * The network's; only where it cannot be had, the one that came last. Without it, a page that opens offline would not know
 * where the API is once the network is back.
 */
export async function newestOrKept(
  request: Request,
  fetch: Fetch,
  kept: Pick<Cache, 'put' | 'match'>,
): Promise<Response> {
  const asked = fetch(request, { cache: 'no-store' })
    .catch(() => undefined)
    .then(async (reply) => {
      if (reply?.ok) await kept.put(request, reply.clone());
      return reply;
    });
  const reply = await inTime(asked);
  if (reply && reply.status < 500) return reply;
  return (await kept.match(request)) ?? (await asked) ?? Response.error();
}
