import type { Picture } from './images.ts';

const starts = (bytes: Uint8Array, at: number, signature: readonly number[]): boolean =>
  signature.every((byte, index) => bytes[at + index] === byte);

const ascii = (text: string): readonly number[] => [...text].map((letter) => letter.charCodeAt(0));

const png = [0x89, ...ascii('PNG'), 0x0d, 0x0a, 0x1a, 0x0a];
const jpeg = [0xff, 0xd8, 0xff];

/** What a picture is by its first bytes, whatever it is called: https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern. */
export function imageMediaType(bytes: Uint8Array): Exclude<Picture['mediaType'], 'image/svg+xml'> | undefined {
  if (starts(bytes, 0, png)) return 'image/png';
  if (starts(bytes, 0, jpeg)) return 'image/jpeg';
  if (starts(bytes, 0, ascii('RIFF')) && starts(bytes, 8, ascii('WEBPVP'))) return 'image/webp';
  return undefined;
}
