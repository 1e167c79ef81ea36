import { AppError } from '#platform/errors.ts';

/** A narration's file, in pieces. Throws what `audio` throws, and `payload_too_large` beyond `maxBytes`, which ends the narration. */
export async function gatherAudio(audio: AsyncIterable<Uint8Array>, maxBytes: number): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of audio) {
    size += piece.length;
    if (size > maxBytes) throw new AppError('payload_too_large', `The narration is larger than ${maxBytes / 1e6} MB.`);
    pieces.push(piece);
  }
  return pieces;
}
