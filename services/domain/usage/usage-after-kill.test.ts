import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tokenResponse } from '#contract/accounts.ts';
import { openChatRecords } from '#domain/chat/chat-records.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { openSqliteSnapshot } from '#platform/store/sqlite-store.ts';
import { waitFor } from '#tests/servers/child.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { TestClient } from '#tests/servers/test-client.ts';
import { type Counts, openUsageRecords } from './usage-records.ts';
import { addCounts, answerShare } from './usage-shares.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function guest(url: string): Promise<TestClient> {
  const reply = await new TestClient(url, '').call('POST', '/api/auth/guest', { name: 'Ada', refresh: 'body' });
  return new TestClient(url, reply.as(tokenResponse).access_token);
}

/** What is in the file now: the runs, and the sums of the hours. */
async function look(file: string) {
  const store = await openSqliteSnapshot({ file });
  try {
    const { hours, shares } = openUsageRecords(store);
    const runs: RunRecord[] = [];
    for await (const run of openChatRecords(store).runs.scan()) runs.push(run);
    const total: Counts = {};
    for await (const { counts } of hours.scan()) addCounts(total, counts);
    return { runs, total, waiting: await shares.count({ folded: false }) };
  } finally {
    await store.close();
  }
}

const price = { inputPerMillion: 0, outputPerMillion: 0 };
const recount = (runs: readonly RunRecord[]): Counts => {
  const total: Counts = {};
  for (const run of runs) {
    for (const { counts } of answerShare(run, { get: (id) => ({ ...demo, id }) }).lines) addCounts(total, counts);
  }
  return total;
};
const demo = { name: '', contextTokens: 1, vision: false, price, demo: true };
const answersOnly = ({ requests: _, errors: __, ...rest }: Counts): Counts => rest;

describe('usage after kill -9', () => {
  it('says what the runs say, two kills in mid-load later', { timeout: 90_000 }, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lamplight-usage-'));
    folders.push(dir);
    const dataDir = join(dir, 'data');
    const file = join(dataDir, 'lamplight.db');
    const lamplight = await startStandalone({ dir, dataDir });
    let answered = 0;
    let asked = 0;
    try {
      for (let round = 0; round < 2; round += 1) {
        await lamplight.start();
        const people = await Promise.all(Array.from({ length: 4 }, () => guest(lamplight.url)));
        let load = true;
        const chatting = Promise.allSettled(
          people.map(async (person) => {
            while (load) {
              asked += 1;
              const reply = await person.call('POST', '/api/chat/send-simple', { text: 'Hello' });
              if (reply.status === 200) answered += 1;
            }
          }),
        );
        const before = answered;
        await waitFor(() => answered >= before + 5, { what: 'some answers', timeoutMs: 30_000 });
        await lamplight.kill();
        load = false;
        await chatting;
      }
      await lamplight.start();
      const settled = await waitFor(
        async () => {
          const now = await look(file);
          return now.waiting === 0 && now.runs.every((run) => run.settled) ? now : undefined;
        },
        { what: 'every run to settle and every share to be folded', timeoutMs: 40_000, everyMs: 200 },
      );
      expect(settled.runs.length).toBeGreaterThanOrEqual(answered);
      expect(settled.total.messages).toBe(settled.runs.length);
      expect(answersOnly(settled.total)).toEqual(recount(settled.runs));
      // Of requests the last second before each kill may be missing; none is there twice.
      const guests = 2 * 4;
      expect(settled.total.requests ?? 0).toBeLessThanOrEqual(asked + guests);
      await lamplight.stop();
    } finally {
      await lamplight.kill();
    }
  });

  it('has every request after an ordinary stop', { timeout: 60_000 }, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lamplight-usage-'));
    folders.push(dir);
    const dataDir = join(dir, 'data');
    const lamplight = await startStandalone({ dir, dataDir });
    try {
      const ada = await guest(lamplight.url);
      for (let n = 0; n < 20; n += 1) await ada.call('GET', '/api/me');
      await lamplight.stop();
      await lamplight.start();
      const file = join(dataDir, 'lamplight.db');
      await waitFor(async () => (await look(file)).total.requests === 21, { what: 'all requests', everyMs: 200 });
      await lamplight.stop();
    } finally {
      await lamplight.kill();
    }
  });
});
