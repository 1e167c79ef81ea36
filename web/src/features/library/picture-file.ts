import i18next from 'i18next';
import type { libraryRoutes } from '#contract/library-routes.ts';
import { formatNumber } from '../../ui/format.ts';

type Taken = (typeof libraryRoutes)['setCharacterPicture']['file'];

// Checked against the contract by their types, so that its schemas stay out of the page.
export const pictureTypes: Taken['types'] = ['image/png', 'image/jpeg', 'image/webp'];
const mostBytes: Taken['maxBytes'] = 5_000_000;

const megabytes = (bytes: number): string => formatNumber(bytes / 1e6, { maximumFractionDigits: 1 });

/** What a picture may be, in words. */
export const pictureHint = (): string => i18next.t('library:picture.hint', { most: megabytes(mostBytes) });

/** Why a file cannot be a character's picture; nothing where it can. */
export function pictureProblem({ type, size }: Pick<File, 'type' | 'size'>): string | undefined {
  if (!pictureTypes.some((taken) => taken === type)) return i18next.t('library:picture.wrongType');
  if (size <= mostBytes) return undefined;
  // Rounded up: what is a little too large never reads as what is allowed.
  const shown = Math.ceil(size / 1e5) * 1e5;
  return i18next.t('library:picture.tooLarge', { size: megabytes(shown), most: megabytes(mostBytes) });
}
