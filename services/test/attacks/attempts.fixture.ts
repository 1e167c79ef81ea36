import type { Role } from '#contract/accounts.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import type { Things } from './two-people.fixture.ts';

/** Who tries. `passing`: somebody who is made for this one attempt, since it ends them. */
export type Tries = 'mallory' | 'manager' | 'admin' | 'passing';

/** One try to get at, or to change, what is Ada's. */
export interface Attempt {
  readonly by?: Tries;
  readonly id?: string;
  /** Behind the `?`. */
  readonly query?: string;
  readonly headers?: ReadonlyArray<readonly [string, string]>;
  readonly body?: unknown;
  /** The status of what is done to oneself alone, or the code of the refusal. */
  readonly gets: number | ErrorCode;
}

export interface RouteRow {
  /** The least that somebody must be to ask at all, whatever the contract says. */
  readonly least: 'nobody' | Role;
  readonly attempts: (ada: Things) => readonly Attempt[];
}

const everybody: readonly Tries[] = ['mallory', 'manager', 'admin'];
/** Whatever the role: what people write is theirs alone. */
export const nobodyFinds = (attempt: Omit<Attempt, 'gets' | 'by'>): readonly Attempt[] =>
  everybody.map((by) => ({ by, ...attempt, gets: 'not_found' }));
/** Names under which a server could take somebody else for the one who asks. */
export const asAnother = (ada: Things): Readonly<Record<string, string>> => ({
  id: ada.personId,
  _id: ada.personId,
  userId: ada.personId,
  ownerId: ada.personId,
  personId: ada.personId,
  sub: ada.personId,
  sessionId: ada.sessionId,
  email: ada.email,
});
export const queryAs = (ada: Things): string => new URLSearchParams(asAnother(ada)).toString();

/** Asks for oneself, claiming to be Ada in every place. */
export const self = (gets: number, by: Tries = 'mallory') => ({
  least: 'guest' as const,
  attempts: (ada: Things): readonly Attempt[] => [{ by, query: queryAs(ada), gets }],
});
export const selfWith = (body: object, gets: Attempt['gets'], by: Tries = 'mallory') => ({
  least: 'guest' as const,
  attempts: (ada: Things): readonly Attempt[] => [
    { by, query: queryAs(ada), body: { ...asAnother(ada), ...body }, gets },
  ],
});
export const managersSee = (query: (ada: Things) => string, id?: (ada: Things) => string): RouteRow => ({
  least: 'manager',
  attempts: (ada) => {
    const asked = { query: query(ada), ...(id && { id: id(ada) }) };
    return [
      { by: 'mallory', ...asked, gets: 'forbidden' },
      { by: 'manager', ...asked, gets: 200 },
    ];
  },
});
export const adminsAlone = (asked: (ada: Things) => Omit<Attempt, 'gets' | 'by'>): RouteRow => ({
  least: 'admin',
  attempts: (ada) => [
    { by: 'mallory', ...asked(ada), gets: 'forbidden' },
    { by: 'manager', ...asked(ada), gets: 'forbidden' },
  ],
});

export const theirText = 'What did Ada ask?';
