import type { Targets } from './targets.ts';

type Answer = Readonly<Record<string, unknown>>;

/** What this needs of the world. */
export interface Surroundings {
  /** Runs a command of the `admin` database as root; rejects as the driver does, with a `code` where the server refused. */
  readonly command: (document: Record<string, unknown>) => Promise<Answer>;
  readonly pause: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
  /** How often, a second apart, something is tried that needs the server to come up. */
  readonly tries: number;
}

/** Codes of the server: src/mongo/base/error_codes.yml of mongodb/mongo. */
const alreadyInitialized = 23;
const authenticationFailed = 18;
const userExists = 51_003;

/**
 * A replica set of this one server, and a user that may read and write Lamplight's database and nothing else. Each step
 * finds what an earlier run did; the user's password becomes that of the URI, also where it was another.
 */
export async function prepareMongoDb(targets: Targets, world: Surroundings): Promise<void> {
  const state = await untilItAnswers(world, () => world.command({ hello: 1 }));
  if (typeof state['setName'] !== 'string') await initiate(targets, world);
  else if (state['setName'] !== targets.replicaSet) {
    throw new Error(
      `the server is of the replica set ${state['setName']}, while MONGODB_URI says ${targets.replicaSet}.`,
    );
  }
  await untilPrimary(world);
  await makeUser(targets, world);
  world.say('ready');
}

async function initiate({ replicaSet, host }: Targets, { command, say }: Surroundings): Promise<void> {
  try {
    await command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host }] } });
    say(`made the replica set ${replicaSet}`);
  } catch (error) {
    if (codeOf(error) !== alreadyInitialized) throw error;
  }
}

/** Until the member has elected itself, nothing can be written. */
async function untilPrimary(world: Surroundings): Promise<void> {
  for (let left = world.tries; left > 0; left -= 1) {
    const state = await untilItAnswers(world, () => world.command({ hello: 1 }));
    if (state['isWritablePrimary'] === true) return;
    await world.pause(1000);
  }
  throw new Error(`the server did not become primary within ${world.tries} s; its log says why.`);
}

async function makeUser({ user, password, database }: Targets, { command, say }: Surroundings): Promise<void> {
  const rights = { pwd: password, roles: [{ role: 'readWrite', db: database }] };
  try {
    await command({ createUser: user, ...rights });
    say(`made the user ${user} for the database ${database}`);
  } catch (error) {
    if (codeOf(error) !== userExists) throw error;
    await command({ updateUser: user, ...rights });
  }
}

/** A server that comes up refuses connections; one that refuses the password will go on doing so. */
async function untilItAnswers(world: Surroundings, ask: () => Promise<Answer>): Promise<Answer> {
  for (let left = world.tries; ; left -= 1) {
    try {
      return await ask();
    } catch (error) {
      if (codeOf(error) === authenticationFailed) {
        throw new Error(
          "the server refuses root's password: it keeps the one that its data was made with (secrets/mongodb-root-password).",
          { cause: error },
        );
      }
      if (left <= 1) throw error;
      await world.pause(1000);
    }
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
