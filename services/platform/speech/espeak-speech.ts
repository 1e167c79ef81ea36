import type { StoryLanguage } from '#contract/story-parts.ts';
import type { Clock } from '#platform/clock.ts';
import { BadSound, readWav } from './read-sound.ts';
import { ProgramError, runProgram } from './run-program.ts';
import { Slots } from './slots.ts';
import { type Sound, type Speech, SpeechError, type SpeechRequest } from './speech.ts';

export interface EspeakOptions {
  readonly clock: Clock;
  /** The program; `espeak-ng` on the path where absent. */
  readonly program?: string;
  /** Children at a time. */
  readonly concurrency?: number;
  /** Of one stretch. */
  readonly timeoutMs?: number;
  /** Of one stretch's sound. */
  readonly maxBytes?: number;
}

/** As `espeak-ng --voices` names them. */
const voices: Readonly<Record<StoryLanguage, string>> = {
  en: 'en-us',
  de: 'de',
  es: 'es',
  ar: 'ar',
  fr: 'fr-fr',
  it: 'it',
  nl: 'nl',
  pl: 'pl',
  pt: 'pt',
  ru: 'ru',
  tr: 'tr',
  uk: 'uk',
};

/** For bedtime: slower (words a minute; its own is 175), a little deeper (of 99; its own is 50), words apart (in 10 ms). */
const manner = ['-s', '140', '-p', '42', '-g', '1'];

/** espeak-ng, as a child process for each stretch. */
export class EspeakSpeech implements Speech {
  readonly kind = 'espeak';
  readonly maxCharacters = 10_000;
  readonly #options: Required<EspeakOptions>;
  readonly #slots: Slots;

  constructor(options: EspeakOptions) {
    // 64 MiB are 25 minutes.
    this.#options = { program: 'espeak-ng', concurrency: 2, timeoutMs: 60_000, maxBytes: 64 * 1024 * 1024, ...options };
    this.#slots = new Slots(this.#options.concurrency);
  }

  /** Whether there is such a program. Throws `ProgramError` where it fails, or takes longer than `patienceMs`: that tells neither. */
  async isInstalled(patienceMs: number): Promise<boolean> {
    try {
      await this.#run(['--version'], '', new AbortController().signal, patienceMs);
      return true;
    } catch (error) {
      if (error instanceof ProgramError && error.reason === 'missing') return false;
      throw error;
    }
  }

  async speak({ text, language, signal }: SpeechRequest): Promise<Sound> {
    signal.throwIfAborted();
    const voice = voiceOf(language);
    if (voice === undefined)
      throw new SpeechError(`espeak-ng has no voice for ${language} here.`, { retryable: false });
    if (text.length > this.maxCharacters)
      throw new SpeechError(`The text has more than ${this.maxCharacters} characters.`, { retryable: false });
    // The text goes in as UTF-8 (`-b 1`) and whole (`--stdin`); `-z`: no pause after its end.
    const args = ['--stdin', '--stdout', '-b', '1', '-z', '-v', voice, ...manner];
    try {
      return readWav(await this.#slots.run(() => this.#run(args, plain(text), signal), signal));
    } catch (cause) {
      if (cause instanceof ProgramError)
        throw new SpeechError('espeak-ng did not speak.', { retryable: cause.reason !== 'too_long', cause });
      if (cause instanceof BadSound) throw new SpeechError('espeak-ng gave no sound.', { retryable: true, cause });
      throw cause;
    }
  }

  #run(
    args: readonly string[],
    input: string,
    signal: AbortSignal,
    timeoutMs = this.#options.timeoutMs,
  ): Promise<Buffer> {
    const { program, clock, maxBytes } = this.#options;
    return runProgram({ program, args, input, signal, clock, timeoutMs, maxBytes });
  }
}

const voiceOf = (language: string): string | undefined =>
  Object.entries(voices).find(([tag]) => language.toLowerCase().split('-')[0] === tag)?.[1];

/**
 * Without what espeak-ng would obey in place of reading it: control characters (its embedded commands begin with U+0001) and
 * phonemes in brackets. Ends in a line end: nothing at all would give no file.
 */
const plain = (text: string): string =>
  `${text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .replaceAll('[', ' ')}\n`;
