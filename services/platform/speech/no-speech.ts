import { type Sound, type Speech, SpeechError } from './speech.ts';

/** Where nothing can read aloud. */
export class NoSpeech implements Speech {
  readonly kind = 'none';
  readonly maxCharacters = 4_096;

  async speak(): Promise<Sound> {
    throw new SpeechError('Nothing here reads aloud: install espeak-ng, or set SPEECH_MODEL.', { retryable: false });
  }
}
