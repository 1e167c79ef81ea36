import { linkInvalid } from '#domain/accounts/links.ts';
import type { SigningKeys } from '#domain/accounts/signing-keys.ts';
import type { StoryPorts } from '../story-ports.ts';

/** Ends a person's mails with stories, whoever has it: it stands in each of them, and works as long as our secret stays. */
export const unsubscribeToken = (keys: SigningKeys, personId: string): string =>
  `${personId}.${keys.sign('unsubscribe', personId)}`;

/** Where mail programs end the mails by one POST (RFC 8058), and where people are asked first. */
export function unsubscribeUrls(
  publicUrl: string,
  token: string,
): { readonly oneClick: string; readonly page: string } {
  const value = encodeURIComponent(token);
  return {
    oneClick: `${publicUrl}/api/story-mails/unsubscribe?token=${value}`,
    page: `${publicUrl}/unsubscribe#token=${value}`,
  };
}

/** Sends a person no more stories by mail. One who gets none already, or is gone, gets none: that is success. Throws `link_invalid`. */
export async function unsubscribe(
  { accounts }: Pick<StoryPorts, 'accounts'>,
  token: string,
  address: string,
): Promise<void> {
  const at = token.lastIndexOf('.');
  const personId = token.slice(0, at);
  if (at < 1 || !accounts.keys.verify('unsubscribe', personId, token.slice(at + 1))) throw linkInvalid();
  const { people } = accounts.records;
  const person = await people.get(personId, ['storyMails', 'deleted']);
  if (!person || person.deleted || person.storyMails === false) return;
  const before = person.storyMails === undefined ? ({ absent: true } as const) : true;
  const ended = await people.update(personId, { set: { storyMails: false } }, { deleted: false, storyMails: before });
  if (!ended) return;
  const who = { actorId: personId, subjectId: personId, address };
  await accounts.audit.record({ action: 'story_mails_end', outcome: 'success', ...who });
}
