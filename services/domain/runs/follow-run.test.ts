import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeUnavailable } from '#platform/errors.ts';
import { FollowedAnswer } from '#tests/protocol/followed-answer.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { FlushableRunLog, Trouble, troubled } from '#tests/protocol/troubled-ports.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { runRecord } from './run-record.fixture.ts';
import type { RunRecord } from './run-records.ts';

const part = { index: 0, kind: 'text' } as const;
const text = 'Once upon a time';

describe('following an answer', () => {
  let time: VirtualTime;
  let app: TestChat;
  let log: FlushableRunLog;
  let reader: FollowedAnswer;
  const store = new Trouble();
  let looks = 0;
  beforeEach(async () => {
    time = new VirtualTime();
    store.down = false;
    looks = 0;
    reader = new FollowedAnswer();
    app = await createTestChat({
      clock: new Freezable(time).clock(0),
      models: new ScriptedModels(),
      ports: (ports) => {
        log = new FlushableRunLog(ports.runLog);
        const counted = new Proxy(ports.records.runs, {
          get: (target, key) => {
            if (key === 'get') looks += 1;
            const member: unknown = Reflect.get(target, key);
            return typeof member === 'function' ? member.bind(target) : member;
          },
        });
        const runs = troubled(counted, new Freezable(time), store, () => storeUnavailable(new Error('away')));
        return { runLog: log, records: { ...ports.records, runs } };
      },
    });
  });
  afterEach(async () => {
    reader.drop();
    await app.close();
  });

  const pass = async (ms: number) => {
    await settle();
    await time.advance(ms);
    await settle();
  };
  const follow = async (run: RunRecord, after?: string) => {
    reader.connect(app.chat, run, after);
    await pass(1);
  };
  /** A running answer with so much of it in its log, and so much in its checkpoint. */
  async function begin({ logged = '', stored = '', attempt = 1 } = {}) {
    const run = runRecord({
      status: 'running',
      attempt,
      output: stored ? [{ ...part, text: stored }] : [],
      length: stored.length,
    });
    await app.chat.records.runs.insert(run);
    await log.open('run', attempt);
    await say(logged, 0, attempt);
    return run;
  }
  async function say(words: string, behind: number, attempt = 1) {
    if (words === '') return;
    await log.append('run', { kind: 'output', at: { attempt, length: behind + words.length }, part, text: words });
    await pass(1);
  }
  const update = (set: Partial<RunRecord>) => app.chat.records.runs.update('run', { set });
  const end = () => update({ status: 'complete', output: [{ ...part, text }], length: text.length });
  const sayDone = (attempt = 1) =>
    log.append('run', {
      kind: 'done',
      at: { attempt, length: Number.POSITIVE_INFINITY },
      outcome: 'complete',
      length: text.length,
    });

  it('goes on from every position, live to the end', async () => {
    const run = await begin({ logged: text.slice(0, 8) });
    const readers = Array.from({ length: 9 }, () => new FollowedAnswer());
    for (const [length, each] of readers.entries()) {
      each.connect(app.chat, run, `1-${length}`);
      each.text = text.slice(0, length);
      each.position = `1-${length}`;
    }
    await pass(1);
    await say(text.slice(8), 8);
    await end();
    await sayDone();
    await pass(10);
    for (const each of readers) {
      expect([each.text, each.breach, each.ended?.message.status]).toEqual([text, undefined, 'complete']);
      each.drop();
    }
  });

  it('finds the end of an answer that is over, at once', async () => {
    await begin();
    const run = await end();
    if (run) await follow(run);
    expect([reader.text, reader.ended?.message.text]).toEqual([text, text]);
  });

  it('waits for a run that is not begun', async () => {
    const run = runRecord();
    await app.chat.records.runs.insert(run);
    await follow(run);
    await update({ status: 'running', attempt: 1 });
    await log.open('run', 1);
    await say(text, 0);
    expect(reader.text).toBe(text);
  });

  it('goes by the checkpoint where the log is gone', async () => {
    const run = await begin({ logged: text.slice(0, 4), stored: text.slice(0, 4) });
    await follow(run);
    log.flush();
    await update({ output: [{ ...part, text: text.slice(0, 11) }], length: 11 });
    await pass(5_000);
    expect(reader.text).toBe(text.slice(0, 11));
    await update({ output: [{ ...part, text: text.slice(0, 13) }], length: 13 });
    await pass(1_000);
    expect(reader.text, 'while the log misses what the store has, it looks each second').toBe(text.slice(0, 13));
    await end();
    await pass(1_000);
    expect(reader.ended?.message.text).toBe(text);
  });

  it('never crosses a gap in the log: it waits until the checkpoint covers it', async () => {
    const run = await begin({ logged: text.slice(0, 4), stored: text.slice(0, 4) });
    await follow(run);
    await say(text.slice(9), 9);
    expect(reader.text).toBe(text.slice(0, 4));
    const before = looks;
    await pass(500);
    expect(looks - before, 'it does not ask again and again').toBeLessThanOrEqual(1);
    await update({ output: [{ ...part, text: text.slice(0, 10) }], length: 10 });
    await pass(1_500);
    expect([reader.text, reader.breach]).toEqual([text, undefined]);
  });

  it('starts over with the next attempt', async () => {
    const run = await begin({ logged: 'Nonsense' });
    await follow(run);
    expect(reader.text).toBe('Nonsense');
    await update({ attempt: 2 });
    await log.open('run', 2);
    await say(text, 0, 2);
    expect([reader.text, reader.position]).toEqual([text, `2-${text.length}`]);
  });

  it('asks the store after five seconds of silence, and not while it hears something', async () => {
    const run = await begin();
    await follow(run);
    const before = looks;
    for (let length = 0; length < 4; length += 1) {
      await say(text[length] ?? '', length);
      await pass(4_000);
    }
    expect(looks).toBe(before);
    await end();
    await pass(5_000);
    expect(reader.ended?.message.text).toBe(text);
  });

  it('looks at once where an end is said to have come, and once more where it is said again meanwhile', async () => {
    const run = await begin({ logged: text });
    await follow(run);
    reader.poke();
    await end();
    reader.poke();
    await pass(1);
    expect(reader.ended?.message.text).toBe(text);
  });

  it('goes on from its position where the end comes while that is looked up', async () => {
    const run = await begin({ logged: text.slice(0, 8), stored: text.slice(0, 4) });
    await follow(run);
    const lookUp = Promise.withResolvers<void>();
    const { last } = log;
    log.last = async (id) => {
      await lookUp.promise;
      return last.call(log, id);
    };
    await follow(run);
    await end();
    reader.poke();
    await pass(10);
    expect([reader.text, reader.breach]).toEqual([text.slice(0, 8), undefined]);
    lookUp.resolve();
    await pass(10);
    expect([reader.text, reader.ended?.message.text, reader.breach]).toEqual([text, text, undefined]);
  });

  it('outlasts a store that is away', async () => {
    const run = await begin({ logged: text });
    await follow(run);
    store.down = true;
    await pass(20_000);
    expect(app.lines.some(({ message }) => message.includes('could not look its run up'))).toBe(true);
    store.down = false;
    await end();
    await pass(2_000);
    expect(reader.ended?.message.text).toBe(text);
  });

  it('tells whoever follows a run that was removed that it is gone', async () => {
    const run = await begin();
    await follow(run);
    await app.chat.records.runs.delete('run');
    await pass(5_000);
    expect([reader.gone, reader.ended]).toEqual([true, undefined]);
  });

  it('hands a slow reader nothing until it takes it, and then what it missed', async () => {
    const run = await begin({ logged: text.slice(0, 4) });
    await follow(run);
    reader.setWritable(false);
    await say(text.slice(4, 9), 4);
    await say(text.slice(9), 9);
    expect(reader.text).toBe(text.slice(0, 4));
    reader.setWritable(true);
    await pass(10);
    expect([reader.text, reader.breach]).toEqual([text, undefined]);
  });

  it('finds the end for a reader that was so slow that the log has expired', async () => {
    const run = await begin({ logged: text.slice(0, 4), stored: text.slice(0, 4) });
    await follow(run);
    reader.setWritable(false);
    await say(text.slice(4), 4);
    await end();
    await sayDone();
    reader.poke();
    await pass(120_000);
    log.flush();
    expect(reader.ended).toBeUndefined();
    reader.setWritable(true);
    await pass(1_000);
    expect([reader.text, reader.ended?.message.text, reader.breach]).toEqual([text, text, undefined]);
  });

  it('does nothing more once it is closed', async () => {
    const run = await begin();
    await follow(run);
    reader.setWritable(false);
    await say(text, 0);
    const before = looks;
    reader.drop();
    await pass(20_000);
    expect([reader.text, looks]).toEqual(['', before]);
  });
});
