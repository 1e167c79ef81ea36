// Writes a blob and holds before its end for ever, for tests that end such a process: hold-write.fixture.ts <storage as JSON> <id>
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '#platform/clock.ts';
import { openBlobs } from './open-blobs.ts';

const [, , storage = '', id = ''] = process.argv;
const ignore = () => {};
const logger = { error: console.error, warn: console.error, info: ignore, debug: ignore };
const blobs = await openBlobs(JSON.parse(storage), { clock: systemClock, logger });

async function* held(): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < 10; n++) yield Buffer.alloc(100_000, n);
  console.log('holding');
  await pause(1e9);
}

await blobs.put(id, held(), { mediaType: 'audio/mpeg', maxBytes: 10_000_000 });
