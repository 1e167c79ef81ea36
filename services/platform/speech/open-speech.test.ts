import { expect, inject, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import type { SpeechConfig } from '#platform/config/config.ts';
import { ConfigError } from '#platform/config/load-config.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
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

it('is none that speaks where nothing can', async () => {
  const speech = await open({ kind: 'none' });
  const { signal } = new AbortController();
  const refused = await speech.speak({ text: 'x', language: 'en', signal }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(SpeechError);
  expect(refused).toMatchObject({ retryable: false });
});
