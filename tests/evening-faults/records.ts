import { type AccountRecords, openAccountRecords } from '#domain/accounts/account-records.ts';
import { type LibraryRecords, openLibraryRecords } from '#domain/library/library-records.ts';
import { openRunRecords, type RunRecords } from '#domain/runs/run-records.ts';
import { openScheduleRecords, type ScheduleRecord } from '#domain/schedules/schedule-records.ts';
import { openStoryRecords, type StoryRecords } from '#domain/stories/story-records.ts';
import { type BudgetRecord, openBudgetRecords } from '#domain/usage/budget-records.ts';
import { openUsageRecords, type UsageRecords } from '#domain/usage/usage-records.ts';
import type { Collection, Doc, Store } from '#platform/store/store.ts';

/** What an evening leaves in the store. */
export interface EveningRecords extends RunRecords {
  readonly accounts: AccountRecords;
  readonly library: LibraryRecords;
  readonly stories: StoryRecords;
  readonly schedules: Collection<ScheduleRecord>;
  readonly budgets: Collection<BudgetRecord>;
  readonly usage: UsageRecords;
}

export const openEveningRecords = (store: Store): EveningRecords => ({
  ...openRunRecords(store),
  accounts: openAccountRecords(store),
  library: openLibraryRecords(store),
  stories: openStoryRecords(store),
  schedules: openScheduleRecords(store),
  budgets: openBudgetRecords(store),
  usage: openUsageRecords(store),
});

export async function readAll<T extends Doc>(collection: Collection<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of collection.scan()) all.push(each);
  return all;
}
