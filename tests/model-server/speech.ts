import type { ServerResponse } from 'node:http';
import { z } from 'zod';

export const speechFaults = [
  /** A WAV file whose end is missing, in a reply that is whole. */
  'speech-short',
  /** Bytes that are no sound, a sound of another kind, a file without samples, a rate that no sound has. */
  'speech-garbage',
  'speech-mp3',
  'speech-nothing',
  'speech-no-rate',
  /** Samples without a header: at 24 kHz, and at the 16 kHz that the media type names. */
  'speech-pcm',
  'speech-pcm-16k',
  /** A WAV file at 16 kHz, whose length is known, and one of two channels of floats. */
  'speech-16k',
  'speech-floats',
  /** Sound without an end. */
  'speech-endless',
] as const;
type SpeechFault = (typeof speechFaults)[number];

export const isSpeechFault = (fault: string): fault is SpeechFault =>
  (speechFaults as readonly string[]).includes(fault);

export const speechBody = z.looseObject({
  model: z.string(),
  voice: z.string(),
  input: z.string().max(4_096),
  response_format: z.string(),
});

/** What OpenAI writes in a file that it sends as it makes it. */
const unknownLength = 0xffff_ffff;

interface WavFormat {
  readonly sampleRate: number;
  readonly channels?: number;
  /** 1: integers of 16 bits, 3: floats of 32. */
  readonly kind?: 1 | 3;
  /** Bytes that the header claims. */
  readonly claimed: number;
}

function wav(samples: Buffer, { sampleRate, channels = 1, kind = 1, claimed }: WavFormat): Buffer {
  const width = (kind === 1 ? 2 : 4) * channels;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(Math.min(unknownLength, claimed + 36), 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(kind, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * width, 28);
  header.writeUInt16LE(width, 32);
  header.writeUInt16LE((width / channels) * 8, 34);
  header.write('data', 36);
  header.writeUInt32LE(claimed, 40);
  return Buffer.concat([header, samples]);
}

/** What a scripted voice says of a text, in seconds. */
export const scriptedSpeech = { perCharacter: 0.05, silence: 0.2, hertz: 220 };

/** Its samples, of full scale 1: a tone as long as the text, a little silence on either side. */
function toneOf(text: string, sampleRate: number): Float64Array {
  const { perCharacter, silence, hertz } = scriptedSpeech;
  const quiet = Math.round(silence * sampleRate);
  const length = Math.round(text.length * perCharacter * sampleRate);
  const samples = new Float64Array(length + 2 * quiet);
  for (let at = 0; at < length; at += 1) samples[quiet + at] = 0.5 * Math.sin((2 * Math.PI * hertz * at) / sampleRate);
  return samples;
}

const integersOf = (text: string, sampleRate: number): Buffer =>
  Buffer.from(Int16Array.from(toneOf(text, sampleRate), (value) => Math.round(value * 32_767)).buffer);

/** The tone in the first channel, its mirror at half the volume in the second. */
const floatsOf = (text: string, sampleRate: number): Buffer =>
  Buffer.from(Float32Array.from([...toneOf(text, sampleRate)].flatMap((value) => [value, -value / 2])).buffer);

const send = (response: ServerResponse, body: Buffer, type = 'audio/wav'): void =>
  void response.writeHead(200, { 'content-type': type }).end(body);

const acts: Readonly<Record<SpeechFault, (response: ServerResponse, text: string) => void>> = {
  'speech-short': (response, text) => {
    const samples = integersOf(text, 24_000);
    send(response, wav(samples.subarray(0, samples.length / 2), { sampleRate: 24_000, claimed: samples.length }));
  },
  'speech-garbage': (response) => send(response, Buffer.from('RIFFRAFF'.repeat(200))),
  'speech-mp3': (response) => send(response, Buffer.from(`ID3${'x'.repeat(500)}`), 'audio/mpeg'),
  'speech-nothing': (response) => send(response, wav(Buffer.alloc(0), { sampleRate: 24_000, claimed: unknownLength })),
  'speech-no-rate': (response, text) =>
    send(response, wav(integersOf(text, 24_000), { sampleRate: 1, claimed: unknownLength })),
  'speech-pcm': (response, text) => send(response, integersOf(text, 24_000), 'audio/pcm'),
  'speech-pcm-16k': (response, text) => send(response, integersOf(text, 16_000), 'audio/L16; rate=16000; channels=1'),
  'speech-16k': (response, text) => {
    const samples = integersOf(text, 16_000);
    send(response, wav(samples, { sampleRate: 16_000, claimed: samples.length }));
  },
  'speech-floats': (response, text) =>
    send(response, wav(floatsOf(text, 24_000), { sampleRate: 24_000, channels: 2, kind: 3, claimed: unknownLength })),
  'speech-endless': (response) => {
    const piece = Buffer.alloc(65_536);
    response.writeHead(200, { 'content-type': 'audio/wav' });
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    response.write(wav(Buffer.alloc(0), { sampleRate: 24_000, claimed: unknownLength }));
    more();
  },
};

/** Answers as https://platform.openai.com/docs/api-reference/audio/createSpeech has it: a tone, `scriptedSpeech`, as WAV. */
export function sendSpeech(
  response: ServerResponse,
  body: z.infer<typeof speechBody>,
  fault: string | undefined,
): void {
  if (fault !== undefined && isSpeechFault(fault)) acts[fault](response, body.input);
  else send(response, wav(integersOf(body.input, 24_000), { sampleRate: 24_000, claimed: unknownLength }));
}
