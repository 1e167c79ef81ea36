import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Clock, systemClock } from '#platform/clock.ts';
import { waitFor } from '#tests/servers/child.ts';
import { type EspeakOptions, EspeakSpeech } from './espeak-speech.ts';
import { testSpeech } from './speech.contract.ts';
import { SpeechError } from './speech.ts';

const { 'espeak-ng': espeak } = inject('programs');

describe.skipIf(!espeak)('espeak-ng', () => {
  testSpeech(async () => ({ speech: new EspeakSpeech({ clock: systemClock }), close: async () => {} }));

  const length = async (text: string) => {
    const speech = new EspeakSpeech({ clock: systemClock });
    return (await speech.speak({ text, language: 'en', signal: new AbortController().signal })).samples.length;
  };

  it('obeys no command in a text', async () => {
    expect(await length('The fox \u0001400S ran home.')).toBe(await length('The fox 400S ran home.'));
  });

  it('reads phonemes as the letters that they are', async () => {
    expect(await length('A [[f0ksIz]] ran.')).toBe(await length('A   f0ksIz]] ran.'));
  });

  it('finds the words of a text that hides marks in them', async () => {
    expect(await length('A mag\u00adic fox\u200e.')).toBe(await length('A magic fox.'));
  });

  it('leaves no timer behind', async () => {
    let timers = 0;
    const after: Clock['after'] = (ms, callback) => {
      const cancel = systemClock.after(ms, callback);
      timers += 1;
      return () => {
        timers -= 1;
        cancel();
      };
    };
    const speech = new EspeakSpeech({ clock: { ...systemClock, after } });
    const speaking = speech.speak({ text: 'Fox', language: 'en', signal: new AbortController().signal });
    expect(timers).toBe(1);
    await speaking;
    expect(timers).toBe(0);
  });

  it('says which language it has no voice for', async () => {
    const speech = new EspeakSpeech({ clock: systemClock });
    const { signal } = new AbortController();
    const refused = await speech.speak({ text: 'Fox', language: 'tlh', signal }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SpeechError);
    expect(refused).toMatchObject({ retryable: false, message: expect.stringContaining('tlh') });
    expect((await speech.speak({ text: 'Fox', language: 'en-GB', signal })).samples.length).toBeGreaterThan(1_000);
  });
});

describe.skipIf(!espeak)('a program in place of espeak-ng', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'speech-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  let count = 0;
  /** Speaks through a script whose folder is its `$0`'s. */
  async function run(script: string, options: Partial<EspeakOptions> = {}) {
    count += 1;
    const program = join(folder, `program-${count}`);
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o755);
    const speech = new EspeakSpeech({ clock: systemClock, ...options, program });
    const say = (signal = new AbortController().signal, text = 'The fox. '.repeat(1_000)) =>
      speech.speak({ text, language: 'en', signal }).then(
        (sound) => sound,
        (error: unknown) => error,
      );
    const note = async () => (await readFile(`${program}.note`, 'utf8').catch(() => '')).trim();
    return { speech, say, note };
  }
  const isAlive = (pid: string): boolean => {
    try {
      return process.kill(Number(pid), 0);
    } catch {
      return false;
    }
  };
  const speak = 'exec espeak-ng --stdout hello';

  it('that fails is worth another try, and its complaint is kept', async () => {
    const { say } = await run('cat > /dev/null; echo "no data" >&2; exit 3');
    const error = await say();
    expect(error).toBeInstanceOf(SpeechError);
    expect(error).toMatchObject({ retryable: true, cause: { message: expect.stringMatching(/3: no data$/) } });
  });

  it('that gives no sound is an error', async () => {
    for (const script of ['cat > /dev/null', 'cat', 'head -c 20 /dev/zero', `${speak} | head -c 30`]) {
      const { say } = await run(script);
      expect(await say(), script).toBeInstanceOf(SpeechError);
    }
  });

  it('that reads nothing of a long text speaks all the same', async () => {
    const { say } = await run(`exec 0<&-\n${speak}`);
    expect(await say()).toMatchObject({ sampleRate: 22_050 });
  });

  it('that does not end is killed', async () => {
    const { say, note } = await run('echo $$ > "$0.note"; exec sleep 600', { timeoutMs: 1_000 });
    const error = await say();
    expect(error).toMatchObject({ retryable: true, cause: { reason: 'timeout' } });
    expect(isAlive(await note())).toBe(false);
  });

  it('is killed when it is aborted', async () => {
    const { say, note } = await run('echo $$ > "$0.note"; exec sleep 600');
    const abort = new AbortController();
    const spoken = say(abort.signal);
    const pid = await waitFor(async () => (await note()) || undefined, { what: 'the program' });
    expect(isAlive(pid)).toBe(true);
    const reason = new Error('Enough.');
    abort.abort(reason);
    expect(await spoken).toBe(reason);
    expect(isAlive(pid)).toBe(false);
  });

  it('that speaks without an end is killed', async () => {
    const { say, note } = await run('echo $$ > "$0.note"; exec cat /dev/zero', { maxBytes: 1_000_000 });
    expect(await say()).toMatchObject({ retryable: false, cause: { reason: 'too_long' } });
    expect(isAlive(await note())).toBe(false);
  });

  it('runs so many times at once, and no more', async () => {
    const script = `echo + >> "$0.note"; cat > /dev/null; sleep 0.05; echo - >> "$0.note"; ${speak}`;
    const { say, note } = await run(script, { concurrency: 2 });
    const sounds = await Promise.all(Array.from({ length: 7 }, () => say()));
    expect(sounds.filter((sound) => sound instanceof Error)).toEqual([]);
    let [running, most] = [0, 0];
    for (const line of (await note()).split('\n')) {
      running += line === '+' ? 1 : -1;
      most = Math.max(most, running);
    }
    expect({ running, most }).toEqual({ running: 0, most: 2 });
  });

  it('gives its place to the next where it fails, and leaves the line where it is aborted', async () => {
    const { say } = await run('exec sleep 600', { concurrency: 1, timeoutMs: 500 });
    const abort = new AbortController();
    const first = say();
    const second = say(abort.signal);
    const third = say();
    abort.abort(new Error('Enough.'));
    expect(await second).toMatchObject({ message: 'Enough.' });
    expect(await first).toMatchObject({ cause: { reason: 'timeout' } });
    expect(await third).toMatchObject({ cause: { reason: 'timeout' } });
  });

  it('that is missing is not installed; one that fails or takes its time may be', async () => {
    const missing = new EspeakSpeech({ clock: systemClock, program: join(folder, 'nothing') });
    expect(await missing.isInstalled(5_000)).toBe(false);
    const { signal } = new AbortController();
    await expect(missing.speak({ text: 'x', language: 'en', signal })).rejects.toThrow(SpeechError);
    const { speech: failing } = await run('exit 1');
    await expect(failing.isInstalled(5_000)).rejects.toMatchObject({ reason: 'failed' });
    const { speech: slow } = await run('exec sleep 600');
    await expect(slow.isInstalled(100)).rejects.toMatchObject({ reason: 'timeout' });
    expect(await new EspeakSpeech({ clock: systemClock }).isInstalled(60_000)).toBe(true);
  });
});
