import type { Entry } from '../../../api/open-session.ts';
import { takeUnsent } from '../../../api/outbox.ts';
import { Drafts } from '../composer/drafts.ts';

/**
 * A guest whose session ended does not come back as the same person: what they were writing, and what was on its way, becomes the
 * draft of whoever comes next. Also where it ended while no page was open.
 */
export function carryOver({ session, storage }: Entry): void {
  const person = session.lastPerson();
  if (person === undefined) return;
  new Drafts(storage, person).carryOver(takeUnsent(storage, person));
}
