import type { SigningKeys } from '#domain/accounts/signing-keys.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryRecord } from './story-records.ts';

/** Of a story whose link was never withdrawn. */
export const firstLinkVersion = 1;

/** What opens a story without signing in: told from its id and our key alone, so that the store does not hold it. */
const storyLinkToken = (keys: SigningKeys, { _id, linkVersion }: Pick<StoryRecord, '_id' | 'linkVersion'>): string =>
  `${_id}.${linkVersion}.${keys.sign('story', `${_id}.${linkVersion}`)}`;

/** The token stands in the fragment, which browsers send to nobody. */
export const storyLinkUrl = (
  { accounts, settings }: Pick<StoryPorts, 'accounts' | 'settings'>,
  story: Pick<StoryRecord, '_id' | 'linkVersion'>,
): string => `${settings.publicUrl}/story#token=${storyLinkToken(accounts.keys, story)}`;
