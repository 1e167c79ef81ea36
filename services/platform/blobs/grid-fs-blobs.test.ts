import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, ObjectId } from 'mongodb';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { type TestServer, waitFor } from '#tests/servers/child.ts';
import { startMongo } from '#tests/servers/programs.ts';
import { describeBlobs } from './blobs.contract.ts';
import { type BlobsPlace, newId, options, piecesOf, putRandom, readAll } from './blobs-testing.ts';
import { chunksOf, filesOf, removeChunks } from './grid-fs-format.ts';
import { openBlobs } from './open-blobs.ts';

const { logger } = collectingLogger();
const shared = inject('mongodbUri') ?? '';

const storageAt = (base: string) => {
  const uri = new URL(base);
  uri.pathname = `/blobs-${randomUUID()}`;
  return { kind: 'servers', mongodbUri: uri.href, redisUrl: '' } as const;
};

async function openPlace(base: string): Promise<BlobsPlace & { readonly client: MongoClient; readonly uri: string }> {
  const storage = storageAt(base);
  const blobs = await openBlobs(storage, { clock: systemClock, logger });
  const client = new MongoClient(storage.mongodbUri);
  const collection = (name: string) => client.db().collection(`blobs.${name}`);
  return {
    blobs,
    storage,
    client,
    uri: storage.mongodbUri,
    leftovers: async () => {
      const [whole, begun] = [
        await collection('files').distinct('_id'),
        await collection('chunks').distinct('files_id'),
      ];
      return begun.filter((id) => !whole.some((other) => other.equals(id))).length;
    },
    close: async () => {
      await blobs.close();
      await client.db().dropDatabase();
      await client.close();
    },
  };
}

describe.skipIf(!shared)('on the shared server', () => {
  describeBlobs('GridFsBlobs', { open: () => openPlace(shared) });

  it('sweeps the chunks of a delete that was cut off', async () => {
    const place = await openPlace(shared);
    const { id } = await putRandom(place.blobs, 600_000);
    await place.client.db().collection('blobs.files').deleteOne({ filename: id });
    expect(await place.leftovers()).toBe(1);
    expect(await place.blobs.sweepInterrupted(Date.now() + 2_000)).toBe(1);
    expect(await place.leftovers()).toBe(0);
    await place.close();
  });

  it('removes the first chunk of a blob last: by it a removal that was cut off is found', async () => {
    const place = await openPlace(shared);
    const { id } = await putRandom(place.blobs, 600_000);
    const client = new MongoClient(place.uri, { monitorCommands: true });
    const removed: unknown[] = [];
    client.on('commandStarted', ({ commandName, command }) => {
      if (commandName === 'delete') removed.push(command['deletes'][0].q.n);
    });
    const file = await filesOf(client.db()).findOne({ filename: id });
    await removeChunks(client.db(), file?._id ?? new ObjectId());
    expect(removed).toEqual([{ $gt: 0 }, undefined]);
    expect(await chunksOf(client.db()).countDocuments({})).toBe(0);
    await client.close();
    await place.close();
  });

  it('does not pass for whole what is deleted as it is read', async () => {
    const place = await openPlace(shared);
    const { id } = await putRandom(place.blobs, 3_000_000);
    await place.client
      .db()
      .collection('blobs.chunks')
      .deleteMany({ n: { $gte: 5 } });
    await expect(readAll(place.blobs, id)).rejects.toMatchObject({ code: 'store_unavailable' });
    await place.close();
  });
});

describe.skipIf(!shared)('with a server that goes away', () => {
  let server: TestServer | undefined;
  const folders: string[] = [];
  afterAll(async () => {
    await server?.kill();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  it('fails plainly meanwhile, keeps what was whole, and goes on with the next server', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lamplight-blobs-mongo-'));
    folders.push(dir);
    const place = { port: await freePort(), dir };
    server = await startMongo(place);
    const blobs = await openBlobs(storageAt(server?.url ?? ''), { clock: systemClock, logger });
    const { id, bytes } = await putRandom(blobs, 600_000);
    const half = newId();
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    async function* source() {
      yield randomBytes(600_000);
      begun.resolve();
      await goOn.promise;
      yield* piecesOf(randomBytes(1_000_000));
    }
    const put = blobs.put(half, source(), options);
    put.catch(() => {}); // Judged below.
    await begun.promise;
    const gone = { code: 'store_unavailable' };
    await server?.kill();
    goOn.resolve();
    await expect(put).rejects.toMatchObject(gone);
    await expect(blobs.info(id)).rejects.toMatchObject(gone);
    await expect(blobs.ping()).rejects.toMatchObject(gone);
    server = await startMongo(place);
    await waitFor(
      () =>
        blobs.ping().then(
          () => true,
          () => false,
        ),
      { what: 'the server to be found', timeoutMs: 15_000 },
    );
    expect(await readAll(blobs, id)).toEqual(bytes);
    expect(await blobs.info(half)).toBeUndefined();
    expect(await blobs.sweepInterrupted(Date.now() + 2_000)).toBe(1);
    await putRandom(blobs, 300_000, half);
    await blobs.close();
  }, 40_000);

  it('does not wait for a server that was never there', async () => {
    const blobs = await openBlobs(storageAt(`mongodb://127.0.0.1:${await freePort()}/`), {
      clock: systemClock,
      logger,
    });
    await expect(putRandom(blobs, 10)).rejects.toMatchObject({ code: 'store_unavailable' });
    await blobs.close();
  });
});
