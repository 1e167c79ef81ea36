import type { SpeechConfig } from '#platform/config/config.ts';
import { ConfigError } from '#platform/config/load-config.ts';
import type { ProviderTools } from '#platform/provider/provider-client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { EspeakSpeech } from './espeak-speech.ts';
import { NoSpeech } from './no-speech.ts';
import { ProgramError } from './run-program.ts';
import type { Speech } from './speech.ts';

/** How long espeak-ng is waited for, in turn: it answers in milliseconds, but a host that has just started may be busy. */
const patiencesMs = [5_000, 30_000];

/**
 * What reads aloud, as the settings say; under `auto` the first that there is: the provider, where a model of it is named, espeak-ng,
 * nothing. Throws `ConfigError` where SPEECH names what is not there.
 */
export async function openSpeech(
  { kind, model, voice, provider }: SpeechConfig,
  tools: ProviderTools,
  /** The program of that name on the path. */
  espeak = 'espeak-ng',
): Promise<Speech> {
  if (kind === 'none') return new NoSpeech();
  if (kind !== 'espeak' && model !== undefined && provider !== undefined) {
    const { ProviderSpeech } = await import('./provider-speech.ts');
    return new ProviderSpeech({ model, voice, provider }, tools);
  }
  if (kind === 'provider') throw new ConfigError(['SPEECH_MODEL: is missing, while SPEECH is provider.']);
  const { EspeakSpeech } = await import('./espeak-speech.ts');
  const speech = new EspeakSpeech({ clock: tools.clock, program: espeak });
  if (await isThere(speech, tools.logger)) return speech;
  if (kind === 'auto') return new NoSpeech();
  const remedy = 'Install it (Debian: `apt-get install espeak-ng`), or set SPEECH to `auto`.';
  throw new ConfigError([`SPEECH: is espeak, but \`espeak-ng\` cannot be run here. ${remedy}`]);
}

/** One that fails again and again is there all the same: what ails it may pass, and until then each narration says what it is. */
async function isThere(speech: EspeakSpeech, logger: Logger): Promise<boolean> {
  let failure: ProgramError | undefined;
  for (const patienceMs of patiencesMs) {
    try {
      return await speech.isInstalled(patienceMs);
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      failure = error;
    }
  }
  logger.warn('espeak-ng is installed, but does not answer. Stories are given to it all the same.', {
    'event.action': 'open-speech',
    error: failure,
  });
  return true;
}
