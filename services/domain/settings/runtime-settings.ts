import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { RuntimeSettings } from '#contract/administration.ts';
import type { Broadcast, Topic } from '#platform/broadcast/broadcast.ts';
import type { Clock } from '#platform/clock.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import type { Collection, Store } from '#platform/store/store.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { listSettings, overlay, type RuntimeSettingsChange } from './setting-values.ts';
import { type SettingsRecord, settingsCollection, settingsId } from './settings-records.ts';

/** Told to every process: it reads them again. */
const settingsChanged: Topic<Record<never, never>> = { name: 'settings-changed', data: z.object({}) };

const readAgainMs = 60_000;
/** After a read that failed. */
const retryMs = 1_000;
/** Two administrators who save at the same moment need one repeat; this many in a row is something else. */
const maxTries = 20;

export interface RuntimeSettingsOptions {
  readonly store: Store;
  readonly broadcast: Broadcast;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Those of the environment: they hold until the store was read. */
  readonly defaults: RuntimeSettings;
}

/** As far as those need it who only go by them. */
export type CurrentSettings = Pick<RuntimeSettingsStore, 'current'>;

/** What administrators change while everything runs: known in every process, and in each within a second of a change. */
export class RuntimeSettingsStore {
  readonly #options: RuntimeSettingsOptions;
  readonly #collection: Collection<SettingsRecord>;
  #current: RuntimeSettings;
  #reads: Promise<void> = Promise.resolve();
  #cancel = () => {};
  readonly #unsubscribe: ReadonlyArray<() => void>;
  #closed = false;

  constructor(options: RuntimeSettingsOptions) {
    this.#options = options;
    this.#current = options.defaults;
    this.#collection = options.store.collection(settingsCollection);
    const again = () => this.#readInBackground();
    this.#unsubscribe = [options.broadcast.subscribe(settingsChanged, again), options.broadcast.onReconnect(again)];
  }

  /** What holds now. Ask each time: it may change between two requests. */
  current(): RuntimeSettings {
    return this.#current;
  }

  /**
   * Brings the stored settings in line with the environment, save those that an administrator changed; for the one that migrates
   * the store. Others learn of it as of any change.
   */
  async install(): Promise<void> {
    const { defaults } = this.#options;
    await this.#write((stored) => {
      const changed = stored?.changed ?? [];
      return { values: overlay(defaults, stored?.values, (path) => changed.includes(path)), changed };
    });
  }

  /** Reads the settings, now and from then on at least each minute. Throws where the store cannot be read. */
  async start(): Promise<void> {
    await this.#read();
    this.#schedule(readAgainMs);
  }

  /**
   * Changes some, all of them or none; resolves once they are stored and hold in this process. Gives what held before and what
   * holds now. Throws `store_unavailable`.
   */
  async change(change: RuntimeSettingsChange): Promise<{ before: RuntimeSettings; after: RuntimeSettings }> {
    const paths = [...listSettings(change).keys()];
    let before = this.#current;
    const after = await this.#write((stored) => {
      before = this.#valuesOf(stored);
      const changed = [...new Set([...(stored?.changed ?? []), ...paths])].toSorted();
      return { values: overlay(before, change, () => true), changed };
    });
    return { before, after };
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #valuesOf(stored: SettingsRecord | undefined): RuntimeSettings {
    return overlay(this.#options.defaults, stored?.values, () => true);
  }

  /** One write on the version that `work` was given, repeated where another came first. */
  async #write(work: (stored: SettingsRecord | undefined) => Pick<SettingsRecord, 'values' | 'changed'>) {
    for (let tries = 0; tries < maxTries; tries++) {
      const stored = await this.#collection.get(settingsId);
      const next = work(stored);
      const same = stored && isDeepStrictEqual({ values: stored.values, changed: stored.changed }, next);
      if (same || (await this.#put(stored, next))) {
        await this.#tellOthers();
        await this.#read();
        return next.values;
      }
    }
    throw new AppError('too_busy', 'The settings are being changed by others. Try again.', { retryAfter: 1 });
  }

  async #put(stored: SettingsRecord | undefined, next: Pick<SettingsRecord, 'values' | 'changed'>): Promise<boolean> {
    if (stored) {
      const change = { set: next, increment: { version: 1 } };
      return (await this.#collection.update(settingsId, change, { version: stored.version })) !== undefined;
    }
    try {
      await this.#collection.insert({ _id: settingsId, version: 1, ...next });
      return true;
    } catch (error) {
      if (isAppError(error, 'conflict')) return false;
      throw error;
    }
  }

  async #tellOthers(): Promise<void> {
    const { broadcast, logger } = this.#options;
    try {
      await broadcast.publish(settingsChanged, {});
    } catch (error) {
      logger.warn('Other processes were not told that settings changed; they learn it within a minute.', {
        'event.action': 'settings_change',
        error,
      });
    }
  }

  /** Reads follow one another, so that the last to begin has the last word. */
  #read(): Promise<void> {
    const read = this.#reads.then(async () => {
      this.#current = this.#valuesOf(await this.#collection.get(settingsId));
    });
    this.#reads = read.catch(() => {});
    return read;
  }

  #readInBackground(): void {
    this.#read().then(
      () => this.#schedule(readAgainMs),
      (error: unknown) => {
        const { logger } = this.#options;
        logger.warn('The settings could not be read; those of before hold.', {
          'event.action': 'settings_read',
          error,
        });
        this.#schedule(retryMs);
      },
    );
  }

  #schedule(ms: number): void {
    this.#cancel();
    if (!this.#closed) this.#cancel = this.#options.clock.after(ms, () => this.#readInBackground());
  }
}
