import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { openChatRecords } from '#domain/chat/chat-records.ts';
import type { Config } from '#platform/config/config.ts';
import { openStoreToRead } from '#platform/store/open-store.ts';
import type { Doc } from '#platform/store/store.ts';
import { collections } from '#services/foundation/foundation.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { findBreaches } from '#tests/faults/checker.ts';
import { Client } from '#tests/faults/client.ts';
import { gatherEvidence } from '#tests/faults/evidence.ts';
import { call } from '#tests/faults/http.ts';
import { Random } from '#tests/faults/random.ts';
import { Session } from '#tests/faults/session.ts';
import { untilAnswered } from '#tests/faults/watch.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import type { TestServer } from '#tests/servers/child.ts';
import { waitFor } from '#tests/servers/child.ts';
import { startMongo, startRedis } from '#tests/servers/programs.ts';
import { startSplit, startStandalone } from '#tests/servers/start-lamplight.ts';
import { runScript } from './commands.fixture.ts';
import { readArchive } from './read-archive.ts';

vi.setConfig({ testTimeout: 120_000 });

const people = 20;
const { logger } = collectingLogger();
const dir = await mkdtemp(join(tmpdir(), 'lamplight-live-'));
let models: ModelServer;
beforeAll(async () => {
  models = await startModelServer();
});
afterAll(async () => {
  await models.close();
  await rm(dir, { recursive: true });
});

/** A Lamplight of one size or the other, and how to reach its data. */
interface System {
  readonly api: string;
  readonly realtime: string;
  stop(): Promise<void>;
}
interface Place {
  readonly storage: Config['storage'];
  readonly env: NodeJS.ProcessEnv;
  start(): Promise<System>;
  close(): Promise<void>;
}

const modelSettings = () => ({
  ...{ OPENAI_API_KEY: 'none', OPENAI_MODEL: 'scripted', OPENAI_BASE_URL: models.url },
  ...{ CONTEXT_MESSAGES: '4', WORKER_CONCURRENCY: '32', SHUTDOWN_GRACE_SECONDS: '1' },
});

async function oneProcess(): Promise<Place> {
  const dataDir = await mkdtemp(join(dir, 'data-'));
  return {
    storage: { kind: 'embedded', dataDir },
    env: { DATA_DIR: dataDir },
    start: async () => {
      const { url, stop } = await startStandalone({
        dir: await mkdtemp(join(dir, 'one-')),
        dataDir,
        env: modelSettings(),
      });
      return { api: url, realtime: url, stop };
    },
    close: async () => {},
  };
}

async function severalProcesses(): Promise<Place> {
  const servers: TestServer[] = [];
  const own = (server: TestServer | undefined): string => {
    if (!server) throw new Error('A server is missing.');
    servers.push(server);
    return server.url;
  };
  const mongodbUri = `${own(await startMongo({}, { byId: true }))}lamplight-${randomUUID()}`;
  const redisUrl = own(await startRedis());
  return {
    storage: { kind: 'servers', mongodbUri, redisUrl },
    env: { MONGODB_URI: mongodbUri, REDIS_URL: redisUrl },
    start: async () => {
      const split = await startSplit({
        mongodbUri,
        redisUrl,
        dir: await mkdtemp(join(dir, 'split-')),
        env: modelSettings(),
      });
      return { api: split.apis[0]?.url ?? '', realtime: split.realtimes[0]?.url ?? '', stop: split.stop };
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

const clientOf = (index: number, { api, realtime }: System) =>
  new Client({
    name: `person-${index + 1}`,
    transport: index % 2 === 0 ? 'sse' : 'websocket',
    addresses: { api: () => api, realtime: () => realtime },
    random: new Random(index + 1),
  });

/** Everything that an archive holds, by collection. */
async function documentsOf(path: string): Promise<ReadonlyMap<string, Doc[]>> {
  const found = new Map<string, Doc[]>();
  await readArchive(createReadStream(path), {
    onHeader: async () => {},
    onDocuments: async (name, docs) => {
      found.set(name, [...(found.get(name) ?? []), ...docs]);
    },
    onBlob: async () => {},
  });
  return found;
}

async function storedIn({ storage }: Place): Promise<ReadonlyMap<string, Doc[]>> {
  const store = await openStoreToRead(storage, { logger });
  const found = new Map<string, Doc[]>();
  for (const spec of collections) {
    const docs: Doc[] = [];
    for await (const doc of store.collection(spec).scan()) docs.push(doc);
    if (docs.length > 0) found.set(spec.name, docs);
  }
  await store.close();
  return found;
}

/** What the checker needs, once every answer has come to rest. */
async function evidenceIn({ storage }: Place, clients: readonly Client[]) {
  const restful = async () => {
    const store = await openStoreToRead(storage, { logger });
    try {
      const evidence = await gatherEvidence(openChatRecords(store), clients);
      return evidence.runs.every((run) => run.settled) ? evidence : undefined;
    } finally {
      await store.close();
    }
  };
  return waitFor(restful, { what: 'all answers to end and settle', timeoutMs: 60_000, everyMs: 250 });
}

describe
  .skipIf(!inject('canStartMongo') || !inject('canStartRedis'))
  .concurrent('a backup while twenty people chat', () => {
    it.each([
      ['one process', 'several', oneProcess, severalProcesses],
      ['several', 'one process', severalProcesses, oneProcess],
    ] as const)('in %s, restored for %s, loses no answer', async (_from, _to, openSource, openTarget) => {
      const [source, target] = await Promise.all([openSource(), openTarget()]);
      const archive = join(dir, `${randomUUID()}.tar.zst`);
      const live = await source.start();
      const token = await (await Session.start(() => live.api, 'somebody')).token();
      const clients = Array.from({ length: people }, (_, index) => clientOf(index, live));
      await Promise.all(clients.map((client) => client.signIn()));
      const finish = new AbortController();
      const chats = Promise.all(clients.map((client) => client.chat(finish.signal)));
      await untilAnswered(clients, people / 2, 60_000);

      const complete = clients.flatMap(({ answers }) => answers.filter(({ transcript }) => transcript.done));
      const before = new Set(complete.map(({ request }) => request.clientMessageId));
      const made = await runScript('backup', ['--out', archive], { cwd: dir, env: source.env });
      expect(made, made.stderr).toMatchObject({ code: 0 });

      finish.abort();
      await chats;
      expect(clients.flatMap(({ breaches }) => breaches)).toEqual([]);
      const afterwards = await evidenceIn(source, clients);
      expect(findBreaches(afterwards)).toEqual([]);
      await live.stop();

      const restored = await runScript('restore', ['--in', archive], { cwd: dir, env: target.env });
      expect(restored, restored.stderr).toMatchObject({ code: 0 });
      const archived = await documentsOf(archive);
      expect(await storedIn(target)).toEqual(archived);
      const unfinished = (archived.get('runs') ?? []).filter((run) => 'status' in run && run.status === 'queued');
      expect(unfinished.length).toBeGreaterThan(0);

      const again = await target.start();
      const evidence = await evidenceIn(target, clients);
      const known = new Set(clients.flatMap(({ answers }) => answers.map(({ request }) => request.clientMessageId)));
      // Those under way were answered again here: what their readers got is about the other system.
      const sent = evidence.sent.filter(({ clientMessageId }) => before.has(clientMessageId));
      expect(sent).toHaveLength(before.size);
      const runs = evidence.runs.filter(({ clientMessageId }) => known.has(clientMessageId));
      expect(runs).toHaveLength(evidence.runs.length);
      const breaches = findBreaches({ ...evidence, sent }).filter(({ rule }) => rule !== 'a run was sent');
      expect(breaches).toEqual([]);
      const listed = await call(`${again.api}/api/conversations`, { token, signal: AbortSignal.timeout(10_000) });
      expect(listed.status).toBe(200);
      await again.stop();
      await Promise.all([source.close(), target.close()]);
    });
  });
