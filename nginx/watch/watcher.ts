import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '#platform/telemetry/logger.ts';
import { findMaster, workersOf } from './nginx-processes.ts';
import { validity } from './pair-problem.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import type { WatchSettings } from './watch-settings.ts';

export interface WatchOptions extends Omit<WatchSettings, 'level'> {
  readonly logger: Logger;
  /** What changes is acted on once it stays the same for so long: several writes are one change. 250 ms by default. */
  readonly settleMs?: number;
  /** How long Nginx may take to begin new workers; 10 s by default. */
  readonly reloadMs?: number;
}

export interface Watcher {
  close(): Promise<void>;
}

/** A trouble that lasts is told again after so long. */
const remindMs = 300_000;
const nothing = { what: '', at: 0 };

/**
 * Reloads Nginx (SIGHUP) once for each change of certificate, key and configuration, when they are whole: a pair that does not
 * match never makes it reload. Says whether Nginx took it: it goes on with what it has where it refuses.
 */
export function watchEdge(options: WatchOptions): Watcher {
  const { logger, everyMs, settleMs = 250, reloadMs = 10_000 } = options;
  const stopping = new AbortController();
  const watching = new Map<string, FSWatcher>();
  let wake = Promise.withResolvers<void>();
  let loaded: string | undefined;
  let told = nothing;

  const tell = (what: string) => {
    if (told.what === what && performance.now() - told.at < remindMs) return;
    told = { what, at: performance.now() };
    logger.error(what, { 'event.action': 'reload', 'event.outcome': 'failure' });
  };

  /** The system's word makes it prompt; where it gives none (some network file systems, no watches left) there is `everyMs`. */
  const listen = () => {
    const folders = [
      options.configuration,
      ...(options.pair ? [options.pair.certificate, options.pair.key].map(dirname) : []),
    ];
    for (const folder of new Set(folders)) {
      if (watching.has(folder)) continue;
      const forget = () => {
        watching.get(folder)?.close();
        watching.delete(folder);
      };
      try {
        watching.set(folder, watch(folder, () => wake.resolve()).on('error', forget));
      } catch (error) {
        logger.debug(`No word of changes in ${folder}; it is read every ${everyMs} ms`, { error });
      }
    }
  };

  const reload = async (seen: Snapshot) => {
    const master = await findMaster(options);
    if (master === undefined)
      return tell(`The edge changed, but no Nginx runs here on ${options.configuration} (or several do)`);
    const before = await workersOf(master);
    process.kill(master, 'SIGHUP');
    loaded = seen.digest;
    const end = performance.now() + reloadMs;
    while (!areNew(await workersOf(master), before)) {
      if (performance.now() > end)
        return tell('Nginx did not take what changed and goes on as before: see its error log');
      await pause(50, undefined, { signal: stopping.signal });
    }
    told = nothing;
    const certificate = seen.certificate === undefined ? 'no TLS' : `a certificate ${validity(seen.certificate)}`;
    logger.info(`Nginx was reloaded and serves ${certificate}`, {
      'event.action': 'reload',
      'event.outcome': 'success',
    });
  };

  /** What stands there once it is not being written any more. */
  const settled = async (): Promise<Snapshot> => {
    let seen = await takeSnapshot(options);
    for (let before = loaded; seen.digest !== before; ) {
      before = seen.digest;
      await pause(settleMs, undefined, { signal: stopping.signal });
      seen = await takeSnapshot(options);
    }
    return seen;
  };

  const check = async () => {
    listen();
    const seen = await settled();
    if (seen.digest === loaded) told = nothing;
    else if (seen.problem) tell(`The edge is not reloaded: ${seen.problem}`);
    else await reload(seen);
  };

  const onFailure = (error: unknown) => {
    if (stopping.signal.aborted) return;
    logger.error('The edge could not be reloaded', { 'event.action': 'reload', 'event.outcome': 'failure', error });
  };

  const run = async () => {
    // A master that runs already may have read what stood there before this process began; one that starts later reads this.
    if ((await findMaster(options)) === undefined) loaded = (await takeSnapshot(options)).digest;
    logger.info('Watching the certificate and the configuration of the edge', { 'event.action': 'ready' });
    while (!stopping.signal.aborted) {
      wake = Promise.withResolvers<void>();
      await check().catch(onFailure);
      const turn = pause(everyMs, undefined, { signal: stopping.signal }).catch(() => {});
      await Promise.race([wake.promise, turn]);
    }
  };

  const running = run();
  return {
    close: async () => {
      stopping.abort();
      for (const watcher of watching.values()) watcher.close();
      await running;
    },
  };
}

/** Nginx begins new workers first and has the old ones take nothing more a moment later; where it refuses, the old ones stay. */
const areNew = (workers: ReadonlySet<number>, before: ReadonlySet<number>): boolean =>
  workers.size > 0 && workers.isDisjointFrom(before);
