import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { peopleUsage, series, summary } from '#contract/usage.ts';
import { auditCollection } from '#domain/audit/audit-records.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { foldUsage } from '#domain/usage/fold-usage.ts';
import { hourMs, type UsageLine } from '#domain/usage/usage-records.ts';
import type { Models } from '#platform/models/models.ts';
import { directive } from '#tests/model-server/directive.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import type { TestClient } from '#tests/servers/test-client.ts';

const price = { inputPerMillion: 0.4, outputPerMillion: 1.6 };
const priced = (models: Models): Models => ({
  list: () => models.list(),
  default: models.default,
  get: (id) => {
    const model = models.get(id);
    return model && { ...model, price };
  },
  stream: (request) => models.stream(request),
});
const formulaName = '=HYPERLINK("//x","y"),z';

describe('analytics', () => {
  let app: TestChat;
  let server: TestServer;
  let boss: TestClient;
  beforeEach(async () => {
    app = await createTestChat({ ports: ({ models }) => ({ models: priced(models) }) });
    app.startWorker();
    server = await app.openTestServer();
    boss = await server.client({ name: 'Boss', role: 'manager' });
  });
  afterEach(() => app.close());

  const allRuns = async () => {
    const runs: RunRecord[] = [];
    for await (const run of app.chat.records.runs.scan()) runs.push(run);
    return runs;
  };
  const fold = async () => {
    await waitFor(async () => (await allRuns()).every(({ settled }) => settled), { what: 'all runs to settle' });
    while (await foldUsage({ records: app.chat.usage, newId: app.chat.newId }));
  };
  const get = async (path: string) => boss.call('GET', `/api/analytics/${path}`);
  const insert = async (lines: readonly UsageLine[]) => {
    const _id = app.chat.newId();
    await app.chat.usage.shares.insert({ _id, kind: 'requests', lines: [...lines], folded: false, createdAt: 0 });
    while (await foldUsage({ records: app.chat.usage, newId: app.chat.newId }));
  };
  const line = (at: string, more: Partial<UsageLine> = {}): UsageLine => {
    const ms = Date.parse(at);
    const hour = Math.floor(ms / hourMs) * hourMs;
    return { personId: 'ada', model: 'm', hour, at: ms, counts: { messages: 1, inputTokens: 10 }, ...more };
  };

  it('tells the same as a recount of the runs', async () => {
    const ada = await server.client('Ada');
    const bob = await server.client(formulaName);
    const first = await ada.ask(directive({ tokens: 10 }));
    await ada.ask('And again.', { conversationId: first.run.conversationId });
    await bob.ask(directive({ tokens: 30 }), { model: 'scripted' });
    const failed = await bob.ask(directive({ tokens: 5, fault: '400' }));
    await waitFor(async () => (await bob.call('POST', `/api/messages/${failed.run.messageId}/retry`)).status === 202);
    await fold();

    const runs = await allRuns();
    expect(runs).toHaveLength(5);
    const sum = (of: (run: RunRecord) => number) => runs.reduce((total, run) => total + of(run), 0);
    const complete = runs.filter(({ status }) => status === 'complete');
    const inputTokens = sum(({ usage }) => usage?.inputTokens ?? 0);
    const outputTokens = sum(({ usage }) => usage?.outputTokens ?? 0);
    const took = complete.map(({ createdAt, endedAt = 0 }) => endedAt - createdAt);
    const told = (await get('summary')).as(summary);
    expect(told).toMatchObject({
      people: 2,
      activeToday: 2,
      conversations: 3,
      messages: 4,
      failedAnswers: 2,
      inputTokens,
      outputTokens,
      meanResponseMs: Math.round(took.reduce((total, ms) => total + ms, 0) / complete.length),
    });
    expect(outputTokens).toBeGreaterThan(40);
    expect(told.cost).toBeCloseTo((inputTokens * 0.4 + outputTokens * 1.6) / 1e6, 8);
    expect(told.p95ResponseMs).toBeGreaterThanOrEqual(Math.max(...took));

    const byModel = (await get('timeseries?split=model&by=hour')).as(series);
    const tokens = byModel.items.flatMap(({ points }) => points).map((point) => point.inputTokens + point.outputTokens);
    expect(tokens.reduce((total, each) => total + each, 0)).toBe(inputTokens + outputTokens);
    const people = (await get('people')).as(peopleUsage);
    expect(people.items.map(({ name, role, messages }) => ({ name, role, messages }))).toEqual(
      expect.arrayContaining([
        { name: 'Ada', role: 'guest', messages: 2 },
        { name: formulaName, role: 'guest', messages: 2 },
      ]),
    );
  });

  it('counts requests by who asked, and those of nobody, after they were answered; what failed on our side is an error', async () => {
    const ada = await server.client('Ada');
    for (let n = 0; n < 5; n += 1) await ada.call('GET', '/api/me');
    await ada.call('GET', '/api/runs/none/events');
    await fetch(`${server.url}/api/auth/options`);
    await fetch(`${server.url}/health`);
    await fetch(`${server.url}/api/me`);
    app.chat.records.conversations.find = () => Promise.reject(new Error('Broken.'));
    expect((await ada.call('GET', '/api/conversations')).status).toBe(500);
    const asked = () => get('summary').then((reply) => reply.as(summary));
    const before = await waitFor(async () => {
      await fold();
      const told = await asked();
      return told.requests >= 9 ? told : undefined;
    });
    expect(before.errors).toBe(1);
    expect(before.errorRate).toBeCloseTo(1 / before.requests);
    expect(before.messages).toBe(0);
    const { items } = (await get('timeseries?split=person&by=hour')).as(series);
    const requests = (personId: string | undefined) =>
      items.filter((each) => each.personId === personId).flatMap(({ points }) => points.map((point) => point.requests));
    const total = (all: number[]) => all.reduce((sum, each) => sum + each, 0);
    const { id } = JSON.parse((await ada.call('GET', '/api/me')).text);
    expect(total(requests(id))).toBe(7);
    expect(total(requests(undefined))).toBe(2);
  });

  it('has a point for every hour and day, by the calendar of a time zone', async () => {
    await insert([line('2026-10-24T21:30:00Z'), line('2026-10-24T22:30:00Z'), line('2026-10-25T22:30:00Z')]);
    const period = 'from=2026-10-23T22:00:00Z&to=2026-10-26T23:00:00Z';
    const days = (await get(`timeseries?${period}&timeZone=Europe/Berlin`)).as(series);
    expect(days.items[0]?.points.map(({ at, messages }) => [at, messages])).toEqual([
      ['2026-10-23T22:00:00.000Z', 1],
      ['2026-10-24T22:00:00.000Z', 2],
      ['2026-10-25T23:00:00.000Z', 0],
    ]);
    const hours = (await get(`timeseries?${period}&by=hour`)).as(series);
    expect(hours.items[0]?.points).toHaveLength(73);
    expect(hours.items[0]?.points.filter(({ messages }) => messages > 0)).toHaveLength(3);
    const none = (await get('timeseries?from=2026-10-01T00:00:00Z&to=2026-10-02T00:00:00Z')).as(series);
    expect(none.items).toMatchObject([{ points: [{ messages: 0, cost: 0 }] }]);
  });

  it('filters by model and person, alone and together', async () => {
    const at = '2026-10-24T21:30:00Z';
    await insert([line(at), line(at, { personId: 'bob' }), line(at, { model: 'n', counts: { messages: 5 } })]);
    const messages = async (query: string) => {
      const told = (await get(`timeseries?from=2026-10-24T00:00:00Z&to=2026-10-25T00:00:00Z&${query}`)).as(series);
      return told.items.map(({ model, personId, points }) => [model ?? personId, points[0]?.messages]);
    };
    expect(await messages('')).toEqual([[undefined, 7]]);
    expect(await messages('model=m')).toEqual([[undefined, 2]]);
    expect(await messages('personId=ada')).toEqual([[undefined, 6]]);
    for (const by of ['day', 'hour']) {
      const told = (await get(`timeseries?from=${at}&to=2026-10-24T22:00:00Z&by=${by}&personId=ada&model=n`)).as(
        series,
      );
      expect(told.items.map(({ points }) => points[0]?.messages)).toEqual([5]);
    }
    expect(await messages('split=model')).toEqual(
      expect.arrayContaining([
        ['m', 2],
        ['n', 5],
      ]),
    );
    expect(await messages('split=person&model=m')).toEqual(
      expect.arrayContaining([
        ['ada', 1],
        ['bob', 1],
      ]),
    );
  });

  it('gives the 50 largest and all others as one, and refuses more points than it would send', async () => {
    const at = '2026-10-24T21:30:00Z';
    const many = Array.from({ length: 60 }, (_, n) =>
      line(at, { personId: `p${n}`, counts: { inputTokens: 100 - n } }),
    );
    await insert(many);
    const day = 'from=2026-10-24T00:00:00Z&to=2026-10-25T00:00:00Z&split=person';
    const { items } = (await get(`timeseries?${day}`)).as(series);
    expect(items).toHaveLength(51);
    expect(items[0]).toMatchObject({ personId: 'p0', points: [{ inputTokens: 100 }] });
    expect(items[50]).toMatchObject({ others: true, points: [{ inputTokens: 455 }] });
    const early = 'from=2026-10-24T00:00:00Z&to=2026-11-22T00:00:00Z&split=person&by=hour';
    const { hours } = app.chat.usage;
    const { sum } = hours;
    let reads = 0;
    hours.sum = (query) => {
      reads += 1;
      return sum.call(hours, query);
    };
    const refused = await get(`timeseries?${early}`);
    hours.sum = sum;
    expect(refused.status).toBe(400);
    expect(refused.error.message).toContain('15 series or more, of 696 points each');
    expect(reads, 'what would be refused is not read').toBe(1);
    for (const query of ['from=2020-01-01T00:00:00Z', 'from=2030-01-01T00:00:00Z', 'timeZone=Mars', 'by=week'])
      expect((await get(`timeseries?${query}`)).status).toBe(400);
  });

  it('exports both as CSV, in which no name is a formula, and keeps an entry of it', async () => {
    const { id } = await app.signIn(formulaName);
    const at = '2026-10-24T21:30:00Z';
    await insert([line(at, { personId: id, counts: { inputTokens: 7, costNanos: 1_500_000_000 } }), line(at)]);
    const period = 'from=2026-10-24T00:00:00Z&to=2026-10-25T00:00:00Z';
    const people = await get(`export?${period}&what=people`);
    expect(people.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(people.headers.get('cache-control')).toBe('no-store');
    expect(people.headers.get('content-disposition')).toBe(
      'attachment; filename="lamplight-people-2026-10-24-to-2026-10-24.csv"',
    );
    expect(people.text.split('\r\n')).toEqual([
      'person_id,name,role,requests,errors,messages,failed_answers,stories,input_tokens,output_tokens,cost,last_active_at',
      'ada,(deleted),,0,0,1,0,0,10,0,0,2026-10-24T21:30:00.000Z',
      `${id},"'=HYPERLINK(""//x"",""y""),z",guest,0,0,0,0,0,7,0,1.5,2026-10-24T21:30:00.000Z`,
      '',
    ]);
    const points = await get(`export?${period}&split=person`);
    expect(points.text.split('\r\n').slice(0, 2)).toEqual([
      'at,series,name,requests,errors,messages,failed_answers,stories,input_tokens,output_tokens,cost,mean_response_ms,p95_response_ms',
      '2026-10-24T00:00:00.000Z,ada,(deleted),0,0,1,0,0,10,0,0,,',
    ]);
    expect((await get(`export?from=2030-01-01T00:00:00Z`)).error.code).toBe('invalid_request');
    expect(await app.foundation.store.collection(auditCollection).count({ action: 'data_export' })).toBe(2);
  });

  it('is for managers and administrators', async () => {
    for (const role of ['guest', 'user'] as const) {
      const other = await server.client({ role });
      for (const path of ['summary', 'timeseries', 'people', 'export'])
        expect((await other.call('GET', `/api/analytics/${path}`)).error.code).toBe('forbidden');
    }
  });
});
