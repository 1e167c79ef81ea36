import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { SpeechConfig } from '#platform/config/config.ts';
import { ConfigError } from '#platform/config/load-config.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import { openSpeech } from './open-speech.ts';
import { SpeechError } from './speech.ts';

const { 'espeak-ng': espeak } = inject('programs');
const tools = { clock: systemClock, logger: collectingLogger().logger, random: () => 0 };
const absent = 'espeak-ng-that-nobody-has';
const speaking = { model: 'speaker', provider: { baseUrl: 'http://127.0.0.1:9/v1', apiKey: '' } };
const open = (config: Partial<SpeechConfig>, program?: string) =>
  openSpeech({ kind: 'auto', voice: 'alloy', ...config }, tools, program);

it.skipIf(!espeak)('takes the first that there is: the provider, espeak-ng, nothing', async () => {
  expect((await open(speaking)).kind).toBe('provider');
  expect((await open({ provider: speaking.provider })).kind).toBe('espeak');
  expect((await open({}, absent)).kind).toBe('none');
});

it.skipIf(!espeak)('takes what the settings name', async () => {
  expect((await open({ ...speaking, kind: 'provider' })).kind).toBe('provider');
  expect((await open({ ...speaking, kind: 'espeak' })).kind).toBe('espeak');
  expect((await open({ ...speaking, kind: 'none' })).kind).toBe('none');
});

it('says at the start that what the settings name is not there', async () => {
  const refused = await open({ kind: 'espeak' }, absent).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ConfigError);
  expect((refused as ConfigError).problems).toEqual([expect.stringMatching(/^SPEECH: .*espeak-ng.*apt-get install/)]);
  await expect(open({ kind: 'provider' })).rejects.toThrow(/SPEECH_MODEL: is missing/);
});

describe('espeak-ng on a busy host', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'speech-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  let count = 0;
  /** What is opened with a script in place of the program. The patience with its first runs ends once there is a `$0.note`. */
  async function openWith(script: string, { ended, kind = 'auto' }: { ended: number; kind?: SpeechConfig['kind'] }) {
    count += 1;
    const program = join(folder, `program-${count}`);
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o755);
    const isNoted = () =>
      access(`${program}.note`).then(
        () => true,
        () => false,
      );
    const patiences: number[] = [];
    const after: Clock['after'] = (ms, callback) => {
      if (patiences.push(ms) <= ended) void waitFor(isNoted, { what: 'the program' }).then(callback);
      return () => {};
    };
    const { logger, lines } = collectingLogger();
    const clock = { ...systemClock, after };
    const speech = await openSpeech({ kind, voice: 'alloy' }, { ...tools, clock, logger }, program);
    return { kind: speech.kind, patiences, lines };
  }

  it('is given more time where it does not answer at once', async () => {
    const opened = await openWith('[ -e "$0.note" ] && exit 0; touch "$0.note"; exec sleep 600', { ended: 1 });
    expect(opened).toEqual({ kind: 'espeak', patiences: [5_000, 30_000], lines: [] });
  });

  it.each([
    ['never answers', 'auto', 'touch "$0.note"; exec sleep 600', 2, 'timeout'],
    ['never answers', 'espeak', 'touch "$0.note"; exec sleep 600', 2, 'timeout'],
    ['fails each time', 'auto', 'exit 1', 0, 'failed'],
  ] as const)(
    'is taken for there where it %s (SPEECH=%s), and the log says so',
    async (_, kind, script, ended, reason) => {
      const opened = await openWith(script, { ended, kind });
      expect(opened).toMatchObject({ kind: 'espeak', patiences: [5_000, 30_000] });
      expect(opened.lines).toMatchObject([
        { level: 'warn', message: expect.stringContaining('does not answer'), fields: { error: { reason } } },
      ]);
    },
  );
});

it('is none that speaks where nothing can', async () => {
  const speech = await open({ kind: 'none' });
  const { signal } = new AbortController();
  const refused = await speech.speak({ text: 'x', language: 'en', signal }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(SpeechError);
  expect(refused).toMatchObject({ retryable: false });
});
