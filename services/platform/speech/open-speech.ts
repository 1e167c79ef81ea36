import type { Clock } from '#platform/clock.ts';
import type { SpeechConfig } from '#platform/config/config.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { NoSpeech } from './no-speech.ts';
import type { Speech } from './speech.ts';

export interface SpeechTools {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Gives [0, 1). */
  readonly random: () => number;
}

/** What reads aloud, as the settings say; under `auto` the first that there is: the provider, espeak-ng, nothing. */
export async function openSpeech(_config: SpeechConfig, _tools: SpeechTools): Promise<Speech> {
  return new NoSpeech();
}
