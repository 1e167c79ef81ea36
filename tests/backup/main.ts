// Prints what a backup and a restore of 100,000 records take, in time and memory: node tests/backup/main.ts [RECORDS]
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { chatCollections } from '#domain/chat/chat-records.ts';
import { runRecord } from '#domain/runs/run-record.fixture.ts';
import { migrationStates, stateId } from '#platform/store/migration-state.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import { collections } from '#services/foundation/foundation.ts';

const root = resolve(import.meta.dirname, '../..');
const records = Number(process.argv[2] ?? 100_000);
if (!Number.isInteger(records) || records < 1_000) {
  process.stderr.write('Say how many records, from 1,000: node tests/backup/main.ts 100000\n');
  process.exit(2);
}
const largestCount = 4;
const largestBytes = 14_900_000;

/** Runs of about 1 kB, and some of the largest documents that there can be. */
async function fill(dataDir: string): Promise<void> {
  await mkdir(dataDir);
  const nothing = () => {};
  const logger = { error: nothing, warn: nothing, info: nothing, debug: nothing };
  const store = await openSqliteStore({ file: join(dataDir, 'lamplight.db'), logger });
  await store.prepare([...collections, migrationStates]);
  await store.collection(migrationStates).insert({ _id: stateId, number: 0, done: [], term: 0, served: 0 });
  const runs = store.collection(chatCollections.runs);
  const made = (n: number, size: number) => {
    const id = String(n).padStart(9, '0');
    const own = { _id: id, slot: id, clientMessageId: id, status: 'complete', settled: true, endedAt: 1 } as const;
    return runRecord({ ...own, text: randomBytes(Math.floor(size / 2)).toString('hex') });
  };
  for (let at = 0; at < records; at += 1_000) {
    await runs.insertMissing(Array.from({ length: Math.min(1_000, records - at) }, (_, n) => made(at + n, 600)));
  }
  for (let n = 0; n < largestCount; n++) await runs.insert(made(records + n, largestBytes));
  await store.close();
}

const tellMemory = 'process.on("exit",()=>process.stderr.write("memory "+process.resourceUsage().maxRSS+"\\n"))';

async function measure(name: 'backup' | 'restore', dataDir: string, args: readonly string[]): Promise<string> {
  const script = join(root, `scripts/${name}.ts`);
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${tellMemory}`, script, ...args], {
    cwd: dataDir,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = once(child, 'exit');
  const said = await text(child.stderr);
  const [code] = await exit;
  if (code !== 0) throw new Error(`scripts/${name} failed:\n${said}`);
  const seconds = (performance.now() - started) / 1_000;
  const megabytes = Number(/^memory (\d+)$/m.exec(said)?.[1]) / 1_000;
  const rate = Math.round(records / seconds).toLocaleString('en');
  return `${name.padEnd(8)} ${seconds.toFixed(1)} s (${rate} records/s), at most ${megabytes.toFixed(0)} MB of memory`;
}

const dir = await mkdtemp(join(tmpdir(), 'lamplight-backup-'));
try {
  const [source, target, archive] = [join(dir, 'source'), join(dir, 'target'), join(dir, 'archive.tar.zst')];
  await fill(source);
  await mkdir(target);
  const { size } = await stat(join(source, 'lamplight.db'));
  process.stdout.write(
    `${records} records of 1 kB and ${largestCount} of 15 MB: ${(size / 1e6).toFixed(0)} MB in SQLite\n`,
  );
  process.stdout.write(`${await measure('backup', source, ['--out', archive])}\n`);
  process.stdout.write(`archive  ${((await stat(archive)).size / 1e6).toFixed(0)} MB\n`);
  process.stdout.write(`${await measure('restore', target, ['--in', archive])}\n`);
} finally {
  await rm(dir, { recursive: true });
}
