import { randomUUID } from 'node:crypto';
import { waitFor } from '#tests/servers/child.ts';
import type { Cluster } from './cluster.ts';
import type { EdgeClient, Open } from './edge-client.ts';
import type { Release } from './release.ts';

interface Place {
  readonly cluster: Cluster;
  readonly release: Release;
  readonly edge: EdgeClient;
  readonly say: (line: string) => void;
}

interface Person {
  readonly id: string;
  readonly token: string;
}

const messagesPerMinute = 20;
/** What a send holds of a budget at least: the longest reply, MAX_REPLY_TOKENS. */
const heldTokens = 8192;
/** Room for three sends at a time, not for four. */
const budget = 4 * heldTokens - 1;
const plenty = { messagesPerMinute: 100_000, runningAnswers: 1000, openSockets: 1000 };
const endsWithinMs = 1000;

const said = (tokens: number, tokensPerSecond = 0) => ({
  text: `[[${JSON.stringify({ tokens, ...(tokensPerSecond && { tokensPerSecond }) })}]] Please.`,
  clientMessageId: randomUUID(),
});
const must = (holds: boolean, problem: string): void => {
  if (!holds) throw new Error(problem);
};

/** What holds of people and limits while two pods of each service run; each throws where it does not. */
export async function goThroughAccounts(place: Place): Promise<number> {
  const admin = await signInByCookie(place);
  const steer = (body: object) =>
    place.edge.expect(200, '/api/admin/settings', { method: 'PATCH', token: admin, body });
  await steer(plenty);
  await disabledPersonIsOutEverywhere(place, admin);
  await steer({ messagesPerMinute });
  await limitHoldsOverPods(place);
  await steer({ ...plenty, budgets: { guest: budget } });
  await budgetHoldsOverPods(place);
  await steer({ messagesPerMinute, budgets: { guest: 100_000_000 } });
  await limitHoldsWithoutRedis(place);
  await steer(plenty);
  return 5;
}

/** With the password that the chart made; the cookie is one that only this host gets, and only by HTTPS. */
async function signInByCookie({ cluster, release, edge, say }: Place): Promise<string> {
  const secret = JSON.parse(await cluster.kubectl(['get', 'secret', `${release.name}-accounts`, '-o', 'json']));
  const password = Buffer.from(secret.data.ADMIN_PASSWORD, 'base64').toString();
  const username = `admin@${new URL(edge.origin).hostname}`;
  const signedIn = await edge.ask('/api/auth/token', { method: 'POST', body: { username, password } });
  must(signedIn.status === 200, `The administrator's sign-in gave ${signedIn.status}: ${signedIn.body}`);
  const [cookie = ''] = signedIn.headers['set-cookie'] ?? [];
  const [pair = '', ...attributes] = cookie.split(/; ?/);
  const held = ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict'].every((attribute) => attributes.includes(attribute));
  must(pair.startsWith('__Host-lamplight=') && held, `The cookie is not held to this host: ${attributes.join('; ')}`);
  must(signedIn.headers['cache-control'] === 'no-store', 'A token may be kept by whoever passes it on.');
  const refresh = (origin: string, site: string) => ({
    method: 'POST',
    body: {},
    headers: { cookie: pair, origin, 'sec-fetch-site': site },
  });
  const foreign = await edge.ask('/api/auth/refresh', refresh('https://evil.example', 'cross-site'));
  must(foreign.status === 403, `A foreign page that used the cookie got ${foreign.status}.`);
  const renewed = await edge.expect(200, '/api/auth/refresh', refresh(edge.origin, 'same-origin'));
  say('an administrator signs in through the edge, by a cookie of this host alone, which no foreign page can use');
  return String(renewed['access_token']);
}

async function disabledPersonIsOutEverywhere({ cluster, release, edge, say }: Place, admin: string): Promise<void> {
  const person = await guest(edge);
  const { token } = person;
  const follow = () => edge.stream('/api/chat/send', { method: 'POST', token, body: said(900, 15) });
  const connect = async () => {
    const { ticket } = await edge.expect(201, '/api/auth/ticket', { method: 'POST', token });
    return edge.socket(String(ticket));
  };
  const open: Open[] = await Promise.all(Array.from({ length: 4 }, connect));
  const realtime = await cluster.pods(release.podsOf('realtime'));
  // The edge chooses the pod: more come until each pod has some.
  const everywhere = async () => {
    open.push(...(await Promise.all(Array.from({ length: 4 }, follow))));
    return (await Promise.all(realtime.map((pod) => followedAt(cluster, pod)))).every((count) => count > 0);
  };
  must(realtime.length > 1, `There are ${realtime.length} pods of realtime.`);
  await waitFor(everywhere, { what: 'answers that are followed through each pod', timeoutMs: 20_000 });
  await edge.expect(200, `/api/admin/people/${person.id}`, { method: 'PATCH', token: admin, body: { disabled: true } });
  const disabledAt = performance.now();
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, 10_000, 'late'));
  const ends = await Promise.all(open.map(({ closed }) => Promise.race([closed, late])));
  for (const each of open) each.close();
  const took = ends.map((end) => (end === 'late' ? Number.POSITIVE_INFINITY : end - disabledAt));
  must(Math.max(...took) <= endsWithinMs, `Streams and sockets ended after ${took.map(Math.round).join(', ')} ms.`);
  const pods = [...realtime, ...(await cluster.pods(release.podsOf('api')))];
  const statuses = await Promise.all(pods.map((pod) => statusAt(cluster, pod, token)));
  must(
    statuses.every((status) => status === 401 || status === 403),
    `The token got ${statuses.join(', ')}.`,
  );
  say(
    `a disabled person's ${open.length} streams and sockets on ${realtime.length} pods end ${Math.round(Math.max(0, ...took))} ms after it is said at the latest`,
  );
}

async function limitHoldsOverPods({ edge, say }: Place): Promise<void> {
  const { token } = await guest(edge);
  const replies = await Promise.all(Array.from({ length: messagesPerMinute + 10 }, () => sendOne(edge, token)));
  const accepted = replies.filter(({ status }) => status === 200).length;
  const refused = replies.filter(({ status }) => status === 429);
  must(accepted === messagesPerMinute, `${accepted} of ${replies.length} messages were taken: ${statusesOf(replies)}.`);
  for (const { headers } of refused) {
    const wait = Number(headers['retry-after']);
    must(wait >= 1 && wait <= 60, `A refused message is told to wait for ${headers['retry-after']} seconds.`);
    must(
      headers['ratelimit-limit'] === `${messagesPerMinute}`,
      `Its limit is said to be ${headers['ratelimit-limit']}.`,
    );
  }
  say(`${accepted} of ${replies.length} messages at once are taken by two pods in sum`);
}

/** Never more than the budget is spent or held, whenever somebody looks. */
async function budgetHoldsOverPods({ edge, say }: Place): Promise<void> {
  const { token } = await guest(edge);
  const held: number[] = [];
  const usage = async () => {
    const { tokens } = await edge.expect(200, '/api/me/usage', { token });
    const { budget, used, reserved } = tokens as Record<'budget' | 'used' | 'reserved', number>;
    return { budget, used, reserved };
  };
  let sending = true;
  const look = async () => {
    while (sending) {
      const { used, reserved } = await usage();
      held.push(used + reserved);
    }
  };
  const looking = look();
  const replies = await Promise.all(Array.from({ length: 20 }, () => sendOne(edge, token, 60, 30)));
  sending = false;
  await looking;
  const accepted = replies.filter(({ status }) => status === 200).length;
  must(
    accepted >= 1 && accepted <= 3,
    `${accepted} answers at once fit into a budget of three: ${statusesOf(replies)}.`,
  );
  must(
    replies.every(({ status }) => status === 200 || status === 429),
    `Sends got ${statusesOf(replies)}.`,
  );
  must(held.length > 0 && Math.max(...held) <= budget, `Of ${budget} tokens ${Math.max(...held)} were spent or held.`);
  const settled = async () => ((await usage()).reserved === 0 ? usage() : undefined);
  const after = await waitFor(settled, { what: 'answers to be settled', timeoutMs: 20_000 });
  must(after.used > 0 && after.used <= budget, `In the end ${after.used} of ${budget} tokens are spent.`);
  say(
    `of 20 answers at once ${accepted} fit into the budget; spent and held were ${Math.max(...held)} of ${budget} at most`,
  );
}

/** Without Redis each process counts by itself: more than the limit, never without one. */
async function limitHoldsWithoutRedis({ cluster, release, edge, say }: Place): Promise<void> {
  const { token } = await guest(edge);
  const processes = (await cluster.pods(release.podsOf('realtime'))).length;
  const most = processes * messagesPerMinute;
  await cluster.kubectl(['scale', 'deployment/redis', '--replicas=0']);
  try {
    await cluster.kubectl(['wait', '--for=delete', 'pod', '-l', 'app=redis', '--timeout=60s']);
    const replies = await Promise.all(Array.from({ length: most + 20 }, () => sendOne(edge, token)));
    const accepted = replies.filter(({ status }) => status === 200).length;
    const refused = replies.filter(({ status }) => status === 429).length;
    must(accepted > 0 && accepted <= most, `Without Redis ${accepted} messages were taken: ${statusesOf(replies)}.`);
    must(refused >= 20, `Without Redis ${refused} messages were refused: ${statusesOf(replies)}.`);
    say(`without Redis ${accepted} of ${replies.length} messages at once are taken by ${processes} processes`);
  } finally {
    await cluster.kubectl(['scale', 'deployment/redis', '--replicas=1']);
    await cluster.settled('redis');
  }
}

async function guest(edge: EdgeClient): Promise<Person> {
  const name = `Guest ${randomUUID().slice(0, 8)}`;
  const { access_token } = await edge.expect(201, '/api/auth/guest', {
    method: 'POST',
    body: { name, refresh: 'body' },
  });
  const { id } = await edge.expect(200, '/api/me', { token: String(access_token) });
  return { id: String(id), token: String(access_token) };
}

const sendOne = (edge: EdgeClient, token: string, tokens = 1, tokensPerSecond = 0) =>
  edge.status('/api/chat/send', { method: 'POST', token, body: said(tokens, tokensPerSecond) });

const statusesOf = (replies: readonly { readonly status: number }[]): string =>
  Object.entries(Object.groupBy(replies, ({ status }) => `${status}`))
    .map(([status, each]) => `${each?.length} times ${status}`)
    .join(', ');

/** Runs a line of JavaScript in a pod, which may ask itself what no other pod may; its output. */
const inPod = (cluster: Cluster, pod: string, script: string): Promise<string> =>
  cluster.kubectl(['exec', pod, '--', 'node', '--input-type=module', '-e', script]);

/** Answers that are followed through a pod. */
async function followedAt(cluster: Cluster, pod: string): Promise<number> {
  const script = `process.stdout.write(await (await fetch('http://127.0.0.1:9464/metrics')).text())`;
  const lines = (await inPod(cluster, pod, script)).matchAll(/^lamplight_active_streams(?:\{[^}]*\})? (\d+)/gm);
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}

const statusAt = async (cluster: Cluster, pod: string, token: string): Promise<number> => {
  const asked = `fetch('http://127.0.0.1:3000/' + path, { headers: { authorization: 'Bearer ${token}' } })`;
  const path = pod.includes('realtime') ? 'api/runs/0190/events' : 'api/me';
  return Number(await inPod(cluster, pod, `const path = '${path}'; console.log((await ${asked}).status)`));
};
