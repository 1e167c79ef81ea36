import type { Audit } from '#domain/audit/audit.ts';
import type { Clock } from '#platform/clock.ts';
import { AppError } from '#platform/errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { AccountRecords, SessionRecord } from './account-records.ts';
import { type KnownPeople, requireActive } from './known-people.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import { hashSecret } from './secrets.ts';

/** Tabs that refresh at the same moment, or whose reply was lost, come with a token that was just replaced. */
const graceMs = 20_000;
/** Nobody has reason to refresh more often than this within the grace. */
const maxRotations = 100;

export interface RefreshRules {
  readonly records: AccountRecords;
  readonly people: KnownPeople;
  readonly tokens: RefreshTokens;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifeOf: (session: SessionRecord) => number;
  /** The client's network address. */
  readonly address: string | undefined;
}

interface Refreshed {
  readonly session: SessionRecord;
  /** The refresh token that is good from now on. */
  readonly token: string;
}

/**
 * Replaces a refresh token, each time (RFC 9700, section 4.14.2). One that was replaced within the grace gets the token that
 * is good now; an older one was stolen, from its owner or by them: `endFamily` ends the session, since nobody knows who is who.
 */
export async function refreshSession(
  rules: RefreshRules,
  given: string,
  endFamily: (sessionId: string) => Promise<unknown>,
): Promise<Refreshed> {
  const { records, tokens, clock } = rules;
  const claims = tokens.read(given);
  if (!claims) throw notGood();
  const before = await records.sessions.get(claims.sessionId);
  if (!before) throw notGood();
  const rotated = before.refreshHash === hashSecret(given) ? await rotate(rules, before) : undefined;
  if (rotated) return rotated;

  // Replaced before, or this moment by another request.
  const session = await records.sessions.get(claims.sessionId);
  if (!session || claims.generation >= session.generation || !tokens.isOurs(given)) throw notGood();
  const rotation = session.rotations.find(({ generation }) => generation === claims.generation);
  if (rotation && clock.now() - rotation.at < graceMs) return repeat(rules, session);

  rules.logger.warn('A refresh token came again long after it was replaced. Its session was ended.', {
    'event.action': 'refresh_reuse',
    'event.outcome': 'failure',
    'user.id': session.personId,
  });
  await endFamily(session._id);
  await rules.audit.record({
    action: 'refresh_reuse',
    outcome: 'failure',
    subjectId: session.personId,
    address: rules.address,
  });
  throw new AppError('unauthenticated', 'This session was ended, because its key was used twice. Sign in again.');
}

/** Undefined where another request has replaced the token meanwhile. */
async function rotate(rules: RefreshRules, session: SessionRecord): Promise<Refreshed | undefined> {
  const { records, people, tokens, clock } = rules;
  const now = clock.now();
  await requireGood(rules, session);
  const { _id: sessionId, generation, refreshHash, rotations } = session;
  const token = tokens.make({ sessionId, generation: generation + 1 });
  const recent = rotations.filter(({ at }) => now - at < graceMs).slice(1 - maxRotations);
  const set = {
    refreshHash: hashSecret(token),
    generation: generation + 1,
    rotations: [...recent, { generation, at: now }],
    lastUsedAt: now,
    expiresAt: now + rules.lifeOf(session),
  };
  const after = await records.sessions.update(sessionId, { set }, { refreshHash });
  if (!after) return undefined;
  const person = await people.get(session.personId);
  if (person) await people.seen(person);
  return { session: after, token };
}

/** The present token once more: whichever secret made it, its hash tells. */
async function repeat(rules: RefreshRules, session: SessionRecord): Promise<Refreshed> {
  await requireGood(rules, session);
  const { _id: sessionId, generation, refreshHash } = session;
  const token = rules.tokens
    .candidates({ sessionId, generation })
    .find((candidate) => hashSecret(candidate) === refreshHash);
  if (token === undefined) throw notGood();
  return { session, token };
}

async function requireGood({ people, clock }: RefreshRules, session: SessionRecord): Promise<void> {
  if (session.expiresAt <= clock.now())
    throw new AppError('session_expired', 'Your session has expired. Sign in again.');
  requireActive(await people.fresh(session.personId));
}

const notGood = (): AppError =>
  new AppError('unauthenticated', 'This refresh token is not good, or no longer. Sign in again.');
