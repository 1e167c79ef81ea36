import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { RunRecord } from '#domain/runs/run-records.ts';
import type { ScheduleRecord } from '#domain/schedules/schedule-records.ts';
import type { StoryPlacesRecord, StoryRecord } from '#domain/stories/story-records.ts';
import { referredByRecords, sweepBlobs } from '#domain/stories/sweep-blobs.ts';
import type { BudgetRecord } from '#domain/usage/budget-records.ts';
import { type BlobInfo, type Blobs, longestPutMs } from '#platform/blobs/blobs.ts';
import { openBlobs } from '#platform/blobs/open-blobs.ts';
import { systemClock } from '#platform/clock.ts';
import { openStore } from '#platform/store/open-store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { findProgram } from '#tests/servers/programs.ts';
import type { Family } from './family.ts';
import type { Copy } from './mails.ts';
import { type EveningRecords, openEveningRecords, readAll } from './records.ts';
import type { EveningStage } from './stage.ts';
import type { StoryReader } from './story-reader.ts';

/** A blob as it was read, to its end. */
export interface KeptBlob extends BlobInfo {
  readonly read: { readonly size: number; readonly sha256: string };
  /** What ffprobe says of a voice, where it is installed: its length in seconds, decoded, and what is wrong with it. */
  readonly heard?: { readonly seconds: number; readonly problems: string };
}

/** One who read along. */
interface Read {
  readonly runId: string;
  readonly parts: readonly { readonly kind: string; readonly text: string }[];
  readonly done: boolean;
  readonly breaches: readonly string[];
}

/** All that a verdict is made from. */
export interface Evidence {
  readonly schedules: readonly ScheduleRecord[];
  /** When each schedule was due, by its id. */
  readonly dueAt: ReadonlyMap<string, number>;
  /** Where its mail goes, by schedule. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly stories: readonly StoryRecord[];
  readonly runs: readonly RunRecord[];
  readonly places: readonly StoryPlacesRecord[];
  readonly budgets: readonly BudgetRecord[];
  /** Stories counted in usage, by person. */
  readonly counted: ReadonlyMap<string, number>;
  readonly blobs: readonly KeptBlob[];
  /** What the sweep took, and what it left of interrupted writes. */
  readonly swept: number;
  readonly unswept: number;
  readonly copies: readonly Copy[];
  /** Kills between the mail server's answer and the store's write, by story. */
  readonly between: ReadonlyMap<string, number>;
  readonly reads: readonly Read[];
}

export interface Witnesses {
  readonly stage: EveningStage;
  readonly family: Family;
  readonly copies: readonly Copy[];
  readonly between: ReadonlyMap<string, number>;
  readonly readers: readonly StoryReader[];
}

/** Once Lamplight has ended. The sweep of blobs is done here as it would be done hours later. */
export async function gatherEvidence({ stage, family, copies, between, readers }: Witnesses): Promise<Evidence> {
  const { logger } = collectingLogger();
  const store = await openStore(stage.storage, { logger });
  const blobs = await openBlobs(stage.storage, { clock: systemClock, logger });
  try {
    const records = openEveningRecords(store);
    const later = { now: () => Date.now() + 8 * longestPutMs };
    const sweep = () => sweepBlobs({ blobs, referred: referredByRecords(records), clock: later, logger });
    const swept = await sweep();
    const addresses = family.schedules.map(({ _id, ownerId }) => [_id, family.ownerOf(ownerId)?.email ?? ''] as const);
    return {
      ...{ swept, unswept: await sweep(), copies, between, dueAt: family.dueAt },
      addresses: new Map(addresses),
      schedules: await readAll(records.schedules),
      stories: await readAll(records.stories.stories),
      runs: await readAll(records.runs),
      places: await readAll(records.stories.places),
      budgets: await readAll(records.budgets),
      counted: await countedStories(records),
      blobs: await readBlobs(blobs, stage.dir),
      reads: readers.map(({ runId, transcript: { parts, done, breaches } }) => ({
        ...{ runId, parts, breaches },
        done: done !== undefined,
      })),
    };
  } finally {
    await blobs.close();
    await store.close();
  }
}

async function countedStories({ usage }: Pick<EveningRecords, 'usage'>): Promise<ReadonlyMap<string, number>> {
  const counted = new Map<string, number>();
  const hours = await readAll(usage.hours);
  const unfolded = (await readAll(usage.shares)).filter(({ folded }) => !folded).flatMap(({ lines }) => lines);
  for (const { personId, counts } of [...hours, ...unfolded])
    if (counts.stories) counted.set(personId, (counted.get(personId) ?? 0) + counts.stories);
  return counted;
}

async function readBlobs(blobs: Blobs, dir: string): Promise<KeptBlob[]> {
  const kept: KeptBlob[] = [];
  for (const info of await blobs.list({ writtenBefore: Number.MAX_SAFE_INTEGER, limit: 10_000 })) {
    const stream = await blobs.read(info.id);
    const bytes = stream ? await buffer(stream) : Buffer.alloc(0);
    const read = { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    const heard = info.mediaType === 'audio/mpeg' ? await listen(bytes, join(dir, 'heard.mp3')) : undefined;
    kept.push({ ...info, read, ...(heard && { heard }) });
  }
  return kept;
}

const run = promisify(execFile);

/** Decodes every frame. */
async function listen(bytes: Buffer, file: string): Promise<KeptBlob['heard']> {
  const program = findProgram('ffprobe');
  if (!program) return undefined;
  await writeFile(file, bytes);
  const shown = ['-show_entries', 'frame=nb_samples:stream=sample_rate', '-of', 'json'];
  const { stdout, stderr } = await run(program, ['-v', 'error', ...shown, file], { maxBuffer: 64 * 1024 * 1024 });
  const { frames, streams }: Probed = JSON.parse(stdout);
  const samples = frames.reduce((sum, { nb_samples: count = 0 }) => sum + count, 0);
  return { seconds: samples / Number(streams[0]?.sample_rate), problems: stderr.trim() };
}

interface Probed {
  readonly frames: readonly { readonly nb_samples?: number }[];
  readonly streams: readonly { readonly sample_rate?: string }[];
}
