import { BadReply } from '#platform/models/completion-reader.ts';
import type { ProviderAddress } from '#platform/provider/openai-client.ts';
import { ProviderClient, ProviderError, type ProviderTools } from '#platform/provider/provider-client.ts';
import { BadSound, isWav, readPcm, readWav } from './read-sound.ts';
import { Slots } from './slots.ts';
import { type Sound, type Speech, SpeechError, type SpeechRequest } from './speech.ts';

export interface ProviderSpeechConfig {
  /** By the provider's name for it. */
  readonly model: string;
  readonly voice: string;
  readonly provider: ProviderAddress;
}

/**
 * Few at a time: a server of one's own may take some seconds for a sentence, and what waits there waits within `timeoutMs`. 32 MiB are
 * eleven minutes at 24 kHz, more than twice what 4,096 characters take.
 */
const usual = { concurrency: 4, attempts: 4, timeoutMs: 60_000, maxBytes: 32 * 1024 * 1024 };
/** What OpenAI's `pcm` has: https://platform.openai.com/docs/guides/text-to-speech#supported-output-formats. */
const pcmRate = 24_000;
const pcmTypes = ['audio/pcm', 'audio/l16', 'audio/x-pcm', 'audio/raw'];
const instructions = 'Read slowly, calmly and warmly, as one reads a bedtime story to a child.';

/** The speech of an OpenAI-compatible server. What is asked while all its slots are taken waits in order, before its time begins. */
export class ProviderSpeech implements Speech {
  readonly kind = 'provider';
  /** OpenAI's limit: https://platform.openai.com/docs/api-reference/audio/createSpeech. */
  readonly maxCharacters = 4_096;
  readonly #config: ProviderSpeechConfig;
  readonly #client: ProviderClient;
  readonly #slots: Slots;

  constructor(config: ProviderSpeechConfig, tools: ProviderTools, limits: Partial<typeof usual> = {}) {
    const { concurrency, ...ofCalls } = { ...usual, ...limits };
    this.#config = config;
    this.#client = new ProviderClient(config.provider, tools, ofCalls);
    this.#slots = new Slots(concurrency);
  }

  async speak({ text, signal }: SpeechRequest): Promise<Sound> {
    signal.throwIfAborted();
    if (text.length > this.maxCharacters)
      throw new SpeechError(`The text has more than ${this.maxCharacters} characters.`, { retryable: false });
    const { model, voice } = this.#config;
    const input = text.toWellFormed().replace(/\p{Cc}+/gu, ' ');
    // Other models refuse or ignore it.
    const how = /^gpt-.*-tts/.test(model) ? { instructions } : {};
    try {
      const call = () =>
        this.#client.call({
          model,
          signal,
          ask: (client, options) =>
            client.audio.speech.create({ model, voice, input, response_format: 'wav', ...how }, options),
          read: soundOf,
        });
      const sound = await this.#slots.run(call, signal);
      if (!(sound instanceof BadSound)) return sound;
      throw new SpeechError('The provider gave no sound that can be used.', { retryable: false, cause: sound });
    } catch (cause) {
      if (cause instanceof ProviderError)
        throw new SpeechError('The provider did not read aloud.', { retryable: cause.retryable, cause });
      throw cause;
    }
  }
}

/**
 * WAV is asked for; some servers give its samples alone. What is cut or empty is worth another try (`BadReply`), what is of
 * another kind will be so again.
 */
function soundOf(body: Buffer, mediaType: string): Sound | BadSound {
  try {
    const sound = isWav(body) ? readWav(body) : readPcm(...pcm(body, mediaType));
    if (sound.samples.length === 0) throw new BadSound('It holds no samples.', { cut: true });
    return sound;
  } catch (error) {
    if (!(error instanceof BadSound)) throw error;
    if (error.cut) throw new BadReply(`The sound is not whole. ${error.message}`);
    return error;
  }
}

/** Samples without a header are told by their media type, `audio/L16; rate=24000` (RFC 3551) or a common name, alone. */
function pcm(body: Buffer, mediaType: string): [Buffer, number] {
  if (body.length === 0) throw new BadSound('It is empty.', { cut: true });
  const [type = '', ...parameters] = mediaType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (!pcmTypes.includes(type)) throw new BadSound(`It is no WAV file, but ${type.slice(0, 60) || 'of no type'}.`);
  const rate = parameters.find((parameter) => parameter.startsWith('rate='))?.slice('rate='.length);
  return [body, rate === undefined ? pcmRate : Number(rate)];
}
