import { describe, expect, it } from 'vitest';
import { prepareMongoDb, type Surroundings } from './prepare-mongodb.ts';
import type { Targets } from './targets.ts';

const targets: Targets = {
  host: 'mongodb:27017',
  replicaSet: 'rs0',
  database: 'lamplight',
  user: 'lamplight',
  password: 'sesame',
  rootPassword: 'root-sesame',
};
const refusal = (code: number) => Object.assign(new Error(`refused with ${code}`), { code });

/** As much of a MongoDB as its administrator sees; no real one runs in these tests. */
function server({ unreachable = 0, elections = 1, wrongPassword = false, setName = '' } = {}) {
  const users = new Map<string, unknown>();
  const lines: string[] = [];
  let set = setName;
  let down = unreachable;
  let waits = elections;
  const answers: Record<string, (document: Record<string, unknown>) => Record<string, unknown>> = {
    hello: () => (set === '' ? { isreplicaset: true } : { setName: set, isWritablePrimary: waits-- <= 0 }),
    replSetInitiate: ({ replSetInitiate }) => {
      if (set !== '') throw refusal(23);
      set = String((replSetInitiate as { _id: string })._id);
      return { ok: 1 };
    },
    createUser: ({ createUser, ...rights }) => {
      if (users.has(String(createUser))) throw refusal(51_003);
      users.set(String(createUser), rights);
      return { ok: 1 };
    },
    updateUser: ({ updateUser, ...rights }) => {
      users.set(String(updateUser), rights);
      return { ok: 1 };
    },
  };
  const world: Surroundings = {
    command: async (document) => {
      if (down-- > 0) throw new Error('connect ECONNREFUSED');
      if (wrongPassword) throw refusal(18);
      const answer = answers[Object.keys(document)[0] ?? ''];
      if (!answer) throw refusal(59);
      return answer(document);
    },
    pause: async () => {},
    say: (line) => void lines.push(line),
    tries: 5,
  };
  return { world, users, lines, setOf: () => set };
}

describe('prepareMongoDb', () => {
  it('makes the replica set and the user, who may use one database', async () => {
    const { world, users, lines, setOf } = server({ unreachable: 3, elections: 2 });
    await prepareMongoDb(targets, world);
    expect(setOf()).toBe('rs0');
    expect(users.get('lamplight')).toEqual({ pwd: 'sesame', roles: [{ role: 'readWrite', db: 'lamplight' }] });
    expect(lines.join()).not.toContain('sesame');
  });

  it('leaves what is there as it is when it runs again, and brings the password up to date', async () => {
    const { world, users, setOf } = server();
    await prepareMongoDb(targets, world);
    await prepareMongoDb({ ...targets, password: 'changed' }, world);
    expect(setOf()).toBe('rs0');
    expect(users.get('lamplight')).toMatchObject({ pwd: 'changed' });
  });

  it('is not stopped by another one that was faster', async () => {
    const { world, users } = server();
    const [slow] = await Promise.all([prepareMongoDb(targets, world), prepareMongoDb(targets, world)]);
    expect(slow).toBeUndefined();
    expect(users.size).toBe(1);
  });

  it('refuses a server of another replica set', async () => {
    const { world } = server({ setName: 'other' });
    await expect(prepareMongoDb(targets, world)).rejects.toThrow('is of the replica set other');
  });

  it("says so at once where root's password is not the server's", async () => {
    const { world } = server({ wrongPassword: true });
    await expect(prepareMongoDb(targets, world)).rejects.toThrow("refuses root's password");
  });

  it('gives up where the server never answers or never becomes primary', async () => {
    await expect(prepareMongoDb(targets, server({ unreachable: 99 }).world)).rejects.toThrow('ECONNREFUSED');
    await expect(prepareMongoDb(targets, server({ elections: 99 }).world)).rejects.toThrow('did not become primary');
  });
});
