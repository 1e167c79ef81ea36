import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Character } from '#contract/story-parts.ts';
import { AppError, notFound } from '#platform/errors.ts';
import { drawCharacter } from '#platform/images/drawing/draw-character.ts';
import type { Where } from '#platform/store/store.ts';
import type { LibraryTools, Person } from './library-ports.ts';
import { type CharacterRecord, libraryOwner } from './library-records.ts';
import { cleanPicture } from './picture-file/clean-picture.ts';
import { presentCharacter } from './present-library.ts';

const day = 24 * 3_600_000;
const year = 365 * day;

/** What the address of a picture carries. */
export interface PictureAddress {
  readonly version: string;
  readonly expires?: number | undefined;
  readonly signature?: string | undefined;
}

export interface OpenedPicture {
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Names these very bytes. */
  readonly tag: string;
  /** Whole seconds for which the address leads to them. */
  readonly maxAge: number;
  /** Nobody's: anybody may keep a copy. */
  readonly shared: boolean;
  open(range?: { readonly start: number; readonly end: number }): Promise<Readable>;
}

/**
 * Where the picture of a character is, for an `img` that carries no token. Of one's own it is signed and lives for one to two days, and
 * stays the same within a day, so that browsers keep it. The library's are everybody's.
 */
export function pictureUrl({ chat, accounts }: LibraryTools, record: CharacterRecord): string {
  const version = versionOf(record);
  const path = `/api/characters/${record._id}/picture?version=${version}`;
  if (record.ownerId === libraryOwner) return path;
  const expires = (Math.floor(chat.clock.now() / day) + 2) * day;
  return `${path}&expires=${expires}&signature=${accounts.keys.sign('media', signed(record._id, version, expires))}`;
}

/** Throws `not_found` where there is no such character, `link_invalid` where the address is not one of ours or too old. */
export async function openPicture(ports: LibraryTools, id: string, address: PictureAddress): Promise<OpenedPicture> {
  const record = await ports.library.characters.get(id);
  const shared = record?.ownerId === libraryOwner;
  const lives = shared ? year : livesFor(ports, id, address);
  if (!record) throw gone();
  const tag = versionOf(record);
  const isPresent = tag === address.version;
  // An old address of the library's leads to what is drawn now; of one's own, to what it was made for or nothing.
  if (!shared && !isPresent) throw gone();
  const bytes = await (record.picture ? storedPicture(ports, record.picture) : drawnPicture(record));
  return { ...bytes, tag, shared, maxAge: isPresent ? Math.floor(lives / 1_000) : 0 };
}

type Bytes = Pick<OpenedPicture, 'mediaType' | 'size' | 'open'>;

function drawnPicture(record: CharacterRecord): Bytes {
  const drawn = Buffer.from(drawCharacter(record._id, wordsOf(record)));
  const open: Bytes['open'] = async ({ start, end } = { start: 0, end: drawn.length - 1 }) =>
    Readable.from([drawn.subarray(start, end + 1)]);
  return { mediaType: 'image/svg+xml', size: drawn.length, open };
}

async function storedPicture({ blobs }: LibraryTools, { blobId }: { readonly blobId: string }): Promise<Bytes> {
  const info = await blobs.info(blobId);
  if (!info) throw gone();
  const open: Bytes['open'] = async (range) => {
    const bytes = await blobs.read(blobId, range);
    if (!bytes) throw gone();
    return bytes;
  };
  return { mediaType: info.mediaType, size: info.size, open };
}

const gone = () => notFound('picture');

/**
 * Gives one's own character a picture in place of the one it has. Throws `not_found`, also for the library's, and what `cleanPicture`
 * throws.
 */
export async function setPicture(
  ports: LibraryTools,
  { id: ownerId }: Person,
  id: string,
  readFile: () => Promise<Uint8Array>,
): Promise<Character> {
  const { library, blobs, chat } = ports;
  if ((await library.characters.get(id, ['ownerId']))?.ownerId !== ownerId) throw notFound('character');
  const { bytes, mediaType } = cleanPicture(await readFile());
  const blobId = `${id}-picture-${chat.newId()}`;
  await blobs.put(blobId, oneOf(bytes), { mediaType, maxBytes: bytes.length });
  const before = await library.characters.get(id, ['ownerId', 'picture']);
  const change = { set: { picture: { blobId, mediaType } } };
  const changed = before && (await library.characters.update(id, change, { ...asSeen(before), ownerId }));
  if (changed) {
    if (before.picture) await deleteBlob(ports, before.picture.blobId);
    return presentCharacter(changed, pictureUrl(ports, changed));
  }
  await deleteBlob(ports, blobId);
  return asItIs(ports, ownerId, id);
}

/** Takes away the picture that one's own character was given; nothing where it has none. Throws `not_found`, also for the library's. */
export async function removePicture(ports: LibraryTools, { id: ownerId }: Person, id: string): Promise<Character> {
  const { library } = ports;
  const before = await library.characters.get(id, ['ownerId', 'picture']);
  if (before?.ownerId !== ownerId) throw notFound('character');
  const changed =
    before.picture && (await library.characters.update(id, { unset: ['picture'] }, { ...asSeen(before), ownerId }));
  if (before.picture && changed) await deleteBlob(ports, before.picture.blobId);
  return asItIs(ports, ownerId, id);
}

/** Deletes a picture that nothing refers to any more. What cannot be deleted now is swept, and so fails nothing. */
export async function deleteBlob({ blobs, chat }: LibraryTools, blobId: string): Promise<void> {
  try {
    await blobs.delete(blobId);
  } catch (error) {
    chat.logger.warn('A picture that nothing refers to any more could not be deleted; the sweep removes it.', {
      'event.action': 'delete_picture',
      error,
    });
  }
}

/** A character whose picture was changed; where it was deleted meanwhile, or got another picture just now, the later one stands. */
async function asItIs(ports: LibraryTools, ownerId: string, id: string): Promise<Character> {
  const present = await ports.library.characters.get(id);
  if (present?.ownerId !== ownerId) throw notFound('character');
  return presentCharacter(present, pictureUrl(ports, present));
}

/** The condition that a character has the owner and picture that were read. */
export const asSeen = ({ ownerId, picture }: Pick<CharacterRecord, 'ownerId' | 'picture'>): Where => ({
  ownerId,
  ...(picture ? { 'picture.blobId': picture.blobId } : { picture: { absent: true } }),
});

/** How long a signed address lives yet, in milliseconds; throws `link_invalid`. */
function livesFor(
  { accounts, chat }: LibraryTools,
  id: string,
  { version, expires, signature }: PictureAddress,
): number {
  const lives = (expires ?? 0) - chat.clock.now();
  const text = signed(id, version, expires ?? 0);
  if (signature === undefined || !accounts.keys.verify('media', text, signature) || lives <= 0)
    throw new AppError(
      'link_invalid',
      'This address of a picture is not right, or too old: ask for the character again.',
    );
  return lives;
}

const signed = (id: string, version: string, expires: number): string => `character.${id}.${version}.${expires}`;

/** Who it is before the name; a trait speaks of others: whoever is afraid of mice is none. */
const wordsOf = ({ name, who }: CharacterRecord): string => [who, name].join('. ');

/** Another one for each other picture. */
function versionOf(record: CharacterRecord): string {
  const what = record.picture?.blobId ?? `${drawing}\n${wordsOf(record)}`;
  return createHash('sha256').update(what).digest('base64url').slice(0, 16);
}
/** Goes up when characters are drawn in another way. */
const drawing = 3;

async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
