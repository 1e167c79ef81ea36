import type { FollowUpName } from '#contract/stories.ts';
import type { Follow } from './do-follow-up.ts';
import { followMail } from './follow-mail.ts';
import { followNarration } from './follow-narration.ts';
import { followNotice } from './follow-notice.ts';
import { followPicture } from './follow-picture.ts';

/** How each thing that follows a story is done. */
export const follows: Readonly<Record<FollowUpName, Follow>> = {
  narration: followNarration,
  picture: followPicture,
  mail: followMail,
  notice: followNotice,
};
