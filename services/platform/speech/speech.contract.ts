import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storyLanguages } from '#contract/story-parts.ts';
import { type Sound, type Speech, SpeechError } from './speech.ts';

export interface SpeechPlace {
  readonly speech: Speech;
  close(): Promise<void>;
}

const secondsOf = ({ samples, sampleRate }: Sound): number => samples.length / sampleRate;
const loudest = ({ samples }: Sound): number => samples.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);

/** What nobody's story should hold, but one may. */
const oddTexts: Readonly<Record<string, string>> = {
  'control characters': 'The fox\0 ran\u0001 50P\u0007 home\u001b[31m.\r\n',
  'markup of speech': '<speak><break time="9000s"/><audio src="file:///etc/passwd">fox</audio></speak> & ]]>',
  phonemes: "A [[h@l'oU]] fox.",
  'words of a shell': '$(sleep 99) `sleep 99`; sleep 99 | fox > /tmp/fox & "\'\\',
  'what looks like options': '-v de --path=/ -w fox.wav',
  'halves of pairs': 'A fox \ud83e and \udd8a ran.',
  'signs and pictures': 'The 🦊 has 3½ € — “quite” a lot… № 5 ☃',
  'several scripts': 'Fox лиса ثعلب 狐 αλεπού',
};

/** What every voice does. */
export function testSpeech(open: () => Promise<SpeechPlace>): void {
  let place: SpeechPlace;
  beforeAll(async () => {
    place = await open();
  });
  afterAll(() => place.close());

  const say = (text: string, { language = 'en', signal = new AbortController().signal } = {}): Promise<Sound> =>
    place.speech.speak({ text, language, signal });

  it('speaks: longer where there is more to say', async () => {
    const [short, long] = await Promise.all([say('The fox ran home.'), say('The fox ran home. '.repeat(4).trim())]);
    expect(short.sampleRate).toBeGreaterThanOrEqual(8_000);
    expect(loudest(short)).toBeGreaterThan(2_000);
    expect(secondsOf(short)).toBeGreaterThan(0.5);
    expect(secondsOf(short)).toBeLessThan(5);
    expect(secondsOf(long) / secondsOf(short)).toBeGreaterThan(2.5);
  });

  it.each(storyLanguages)('speaks the language %s', async (language) => {
    expect(loudest(await say('Mama 3.', { language }))).toBeGreaterThan(2_000);
  });

  it.each(Object.entries(oddTexts))('reads %s, and does nothing else', async (_, text) => {
    const sound = await say(text);
    expect(loudest(sound)).toBeGreaterThan(2_000);
    expect(secondsOf(sound)).toBeLessThan(60);
  });

  it('takes the longest text that it says it takes, and refuses a longer one', async () => {
    const { maxCharacters } = place.speech;
    const text = 'The fox ran home to her den. '.repeat(400).slice(0, maxCharacters - 1);
    expect(secondsOf(await say(`${text}.`))).toBeGreaterThan(100);
    const refused = await say(`${text}..`).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SpeechError);
    expect(refused).toMatchObject({ retryable: false });
  });

  it('keeps voices apart that speak at the same time', async () => {
    const texts = ['One fox.', 'Two foxes ran.', 'Three foxes ran home.', 'Four foxes ran home to their den.'];
    const alone: number[] = [];
    for (const text of texts) alone.push((await say(text)).samples.length);
    const together = await Promise.all(texts.map((text) => say(text)));
    expect(together.map(({ samples }) => samples.length)).toEqual(alone);
  });

  describe('aborted', () => {
    it('does not begin', async () => {
      const reason = new Error('Enough.');
      await expect(say('The fox.', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it('stops, whether it speaks or waits, and speaks again after', async () => {
      const abort = new AbortController();
      const reason = new Error('Enough.');
      const spoken = Array.from({ length: 8 }, () =>
        say('The fox ran home. '.repeat(40), { signal: abort.signal }).catch((error: unknown) => error),
      );
      setImmediate(() => abort.abort(reason));
      expect(new Set(await Promise.all(spoken))).toEqual(new Set([reason]));
      expect(loudest(await say('Again.'))).toBeGreaterThan(2_000);
    });
  });
}
