import { v7 as uuidV7 } from 'uuid';
import type { AccountPorts } from '#domain/accounts/account-ports.ts';
import { accountCollections } from '#domain/accounts/account-records.ts';
import { openAccounts } from '#domain/accounts/open-accounts.ts';
import { Audit } from '#domain/audit/audit.ts';
import { auditCollection } from '#domain/audit/audit-records.ts';
import type { ChatPorts, ChatTools } from '#domain/chat/chat-ports.ts';
import { chatCollections, openChatRecords } from '#domain/chat/chat-records.ts';
import { libraryCollections, openLibraryRecords } from '#domain/library/library-records.ts';
import { createRateLimits, type RateLimits } from '#domain/limits/rate-limits.ts';
import { openScheduleRecords, scheduleCollection } from '#domain/schedules/schedule-records.ts';
import { RuntimeSettingsStore } from '#domain/settings/runtime-settings.ts';
import { defaultSettings } from '#domain/settings/setting-values.ts';
import { settingsCollection } from '#domain/settings/settings-records.ts';
import { openStories } from '#domain/stories/story-kind.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { openStoryRecords, storyCollections } from '#domain/stories/story-records.ts';
import { budgetCollection, openBudgetRecords } from '#domain/usage/budget-records.ts';
import { Budgets } from '#domain/usage/budgets.ts';
import { openUsageRecords, usageCollections } from '#domain/usage/usage-records.ts';
import type { Blobs } from '#platform/blobs/blobs.ts';
import { openBlobs } from '#platform/blobs/open-blobs.ts';
import { openBroadcast } from '#platform/broadcast/open-broadcast.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { Config } from '#platform/config/config.ts';
import { ConfigError, type Environment, loadConfig } from '#platform/config/load-config.ts';
import { type ClientAddress, clientAddresses } from '#platform/http/client-address.ts';
import { openImages } from '#platform/images/open-images.ts';
import { createLifecycle, type Lifecycle } from '#platform/lifecycle/lifecycle.ts';
import { openLimits } from '#platform/limits/open-limits.ts';
import type { Mail } from '#platform/mail/mail.ts';
import { openMail } from '#platform/mail/open-mail.ts';
import { openModels } from '#platform/models/open-models.ts';
import { openModeration } from '#platform/moderation/open-moderation.ts';
import { openQueue } from '#platform/queue/open-queue.ts';
import { openRunLog } from '#platform/run-log/open-run-log.ts';
import { openSpeech } from '#platform/speech/open-speech.ts';
import { openStore } from '#platform/store/open-store.ts';
import type { AnyCollectionSpec, Store } from '#platform/store/store.ts';
import { createTelemetry, type Telemetry } from '#platform/telemetry/create-telemetry.ts';
import { startOpsServer } from '#platform/telemetry/ops-server.ts';
import { modelMetrics, queueMetrics } from './port-metrics.ts';
import { requireSecret, signingSecrets } from './signing-secrets.ts';
import { waitForStore } from './wait-for-store.ts';

/** What every process stands on: its settings, its telemetry, its adapters, and the order in which all that ends. */
export interface Foundation {
  readonly service: string;
  readonly config: Config;
  readonly telemetry: Telemetry;
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
  readonly store: Store;
  readonly accounts: AccountPorts;
  readonly chat: ChatPorts;
  readonly stories: StoryPorts;
  readonly mail: Mail;
  readonly blobs: Blobs;
  readonly audit: Audit;
  /** What administrators change while everything runs; the environment's until `migrate` or `requireMigrated` read the store. */
  readonly runtime: RuntimeSettingsStore;
  /** How often people may do what they do, and how many connections they may have. */
  readonly limits: RateLimits;
  readonly clientAddress: ClientAddress;
  /** Asks each dependency whether it is there, by its name. */
  readonly pings: Readonly<Record<string, () => Promise<void>>>;
  /**
   * Call when the process serves: opens the ops port, so that nobody is told before that it is ready, says so in the log, with
   * the address that people use where this is it, and loads what the first answer would otherwise wait for.
   */
  ready(address?: string): Promise<void>;
}

/** All that is kept, in the order in which a backup reads it. */
export const collections: readonly AnyCollectionSpec[] = [
  ...Object.values(accountCollections),
  ...Object.values(usageCollections),
  ...Object.values(libraryCollections),
  scheduleCollection,
  ...Object.values(storyCollections),
  ...Object.values(chatCollections),
  budgetCollection,
  settingsCollection,
  auditCollection,
];

/** Reads the settings; where some are wrong, prints them all and ends the process with code 78 (`EX_CONFIG`). */
export function loadConfigOrExit(environment: Environment): Config {
  try {
    return requireSecret(loadConfig(environment));
  } catch (error) {
    exitWhereMisconfigured(error);
  }
}

function exitWhereMisconfigured(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(78);
}

/** A supervisor that starts processes again would only wait longer each time. */
const storePatienceMs = 60_000;

/** Opens telemetry and the adapters that the settings choose. What is opened is closed in reverse order. */
export async function layFoundation(service: string, config: Config): Promise<Foundation> {
  const { version, storage } = config;
  const telemetry = createTelemetry({ service, version, ...config.logs });
  const { logger, metrics } = telemetry;
  const clock = systemClock;
  const lifecycle = createLifecycle({
    logger,
    clock,
    graceMs: config.shutdown.graceMs,
    exit: (code) => process.exit(code),
    signals: process,
  });
  lifecycle.add('telemetry', { close: () => telemetry.close() });

  const store = await waitForStore(() => openStore(storage, { logger }), {
    clock,
    logger,
    patienceMs: storePatienceMs,
  });
  lifecycle.add('store', { close: () => store.close() });
  const [queue, runLog, broadcast, models, mail, blobs, counts] = await Promise.all([
    openQueue(storage, { clock, logger, metrics: queueMetrics(metrics) }),
    openRunLog(storage, { clock, logger }),
    openBroadcast(storage, { logger }),
    openModels(config.models, { logger, clock, metrics: modelMetrics(metrics), random: Math.random }),
    openMail(config.mail, storage),
    openBlobs(storage, { clock, logger }),
    openLimits(storage, { logger, onLocal: () => metrics.limitsCountedHere.inc() }),
  ]);
  for (const [name, port] of Object.entries({ queue, runLog, broadcast, mail, blobs, limits: counts }))
    lifecycle.add(name, { close: () => port.close() });

  const newId = () => uuidV7();
  const audit = new Audit({ store, clock, logger, newId });
  const runtime = new RuntimeSettingsStore({ store, broadcast, clock, logger, defaults: defaultSettings(config) });
  lifecycle.add('runtime settings', { close: () => runtime.close() });
  const limits = createRateLimits({ limits: counts, logger, metrics, config: config.limits, runtime });
  const clientAddress = clientAddresses(config.http.trustedProxies, () => {
    logger.warn(
      'X-Forwarded-For came from somebody whom TRUSTED_PROXIES does not name, and is ignored. Behind a proxy, name it.',
      {
        'event.action': 'client_address',
        'lamplight.setting': 'TRUSTED_PROXIES',
      },
    );
  });
  const records = openChatRecords(store);
  const tools: ChatTools = {
    records,
    queue,
    runLog,
    broadcast,
    models,
    budgets: new Budgets({ records: openBudgetRecords(store), runtime, clock, logger, metrics }),
    usage: openUsageRecords(store),
    messageLimit: limits.messages,
    clock,
    logger,
    metrics,
    newId,
    runtime,
    settings: config.chat,
  };
  const accounts = openAccounts(
    { store, broadcast, queue, clock, logger, newId, audit, runtime },
    { ...config.accounts, jwtSecrets: await signingSecrets(config), publicUrl: config.http.publicUrl },
  );
  const adapterTools = { clock, logger, random: Math.random };
  const [speech, images, moderation] = await Promise.all([
    openSpeech(config.speech, adapterTools).catch(exitWhereMisconfigured),
    openImages(config.images, adapterTools),
    openModeration(config.moderation, models, adapterTools),
  ]);
  const stories = openStories(tools, {
    accounts,
    stories: openStoryRecords(store),
    library: openLibraryRecords(store),
    schedules: openScheduleRecords(store),
    storyLimit: limits.stories,
    settings: { ...config.stories, publicUrl: config.http.publicUrl },
    ...{ blobs, speech, images, moderation, mail },
  });
  const { chat } = stories;
  const pings = pingsOf(storage, { store, blobs }, { queue, runLog, broadcast });
  const ready = async (address?: string) => {
    const { host, opsPort: port } = config.http;
    const ops = await startOpsServer({ host, port, metrics, checks: pings, draining: lifecycle.draining, logger });
    lifecycle.add('ops server', { close: () => ops.close() });
    const where = address === undefined ? `${service} is ready` : `is ready at ${address}`;
    logger.info(`Lamplight ${where}`, {
      'event.action': 'ready',
      'event.duration': Math.round(performance.now() * 1e6),
    });
    models.warm().catch((error: unknown) => {
      logger.warn('The models could not be prepared ahead.', { 'event.action': 'ready', error });
    });
  };
  const ports = { store, accounts, chat, stories, mail, blobs, audit, runtime, limits };
  return { service, config, telemetry, lifecycle, clock, ...ports, clientAddress, pings, ready };
}

type Pingable = { ping(): Promise<void> };

/** Redis stands behind three ports: it is up where all of them reach it. */
const pingsOf = (
  storage: Config['storage'],
  { store, blobs }: Record<'store' | 'blobs', Pingable>,
  onRedis: Record<string, Pingable>,
): Foundation['pings'] => {
  const pingRedis = async () => {
    await Promise.all(Object.values(onRedis).map((port) => port.ping()));
  };
  if (storage.kind === 'embedded') return { store: () => store.ping(), blobs: () => blobs.ping() };
  // Blobs stand in the same database, and connect only where some are used.
  return { mongodb: () => store.ping(), redis: pingRedis };
};
