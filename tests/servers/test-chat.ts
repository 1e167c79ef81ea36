import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import { v7 as uuidV7 } from 'uuid';
import { routes } from '#contract/routes.ts';
import { openAccounts } from '#domain/accounts/open-accounts.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { Sessions } from '#domain/accounts/sessions.ts';
import { Audit } from '#domain/audit/audit.ts';
import type { ChatPorts, ChatSettings, ChatTools } from '#domain/chat/chat-ports.ts';
import { openChatRecords } from '#domain/chat/chat-records.ts';
import { ConversationSweep } from '#domain/chat/sweep-conversations.ts';
import { openLibraryRecords } from '#domain/library/library-records.ts';
import { createRateLimits } from '#domain/limits/rate-limits.ts';
import { RunSweep } from '#domain/runs/sweep-runs.ts';
import { openScheduleRecords } from '#domain/schedules/schedule-records.ts';
import { RuntimeSettingsStore } from '#domain/settings/runtime-settings.ts';
import { defaultSettings } from '#domain/settings/setting-values.ts';
import { openStories } from '#domain/stories/story-kind.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { openStoryRecords } from '#domain/stories/story-records.ts';
import { openBudgetRecords } from '#domain/usage/budget-records.ts';
import { Budgets } from '#domain/usage/budgets.ts';
import { openUsageRecords } from '#domain/usage/usage-records.ts';
import { FolderBlobs } from '#platform/blobs/folder-blobs.ts';
import { LocalBroadcast } from '#platform/broadcast/local-broadcast.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { Config, OpenIdConfig } from '#platform/config/config.ts';
import { clientAddresses } from '#platform/http/client-address.ts';
import { createApp } from '#platform/http/create-app.ts';
import { healthCheck } from '#platform/http/health-route.ts';
import { DrawnImages } from '#platform/images/drawn-images.ts';
import { createLifecycle } from '#platform/lifecycle/lifecycle.ts';
import { LocalLimits } from '#platform/limits/local-limits.ts';
import { OutboxMail } from '#platform/mail/outbox-mail.ts';
import type { Models } from '#platform/models/models.ts';
import { OpenAiModels } from '#platform/models/openai-models.ts';
import { NoModeration } from '#platform/moderation/no-moderation.ts';
import { openModeration } from '#platform/moderation/open-moderation.ts';
import type { ProviderTools } from '#platform/provider/provider-client.ts';
import { LocalQueue } from '#platform/queue/local-queue.ts';
import { LocalRunLog } from '#platform/run-log/local-run-log.ts';
import { NoSpeech } from '#platform/speech/no-speech.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { mountApi } from '#services/api/mount-api.ts';
import { countRequests } from '#services/foundation/count-requests.ts';
import { collections, type Foundation } from '#services/foundation/foundation.ts';
import { authenticator, turnstile } from '#services/foundation/open-app.ts';
import { modelMetrics, queueMetrics } from '#services/foundation/port-metrics.ts';
import { mountChatRoutes } from '#services/realtime/chat-routes.ts';
import { openRealtime, type Realtime, serveRealtime } from '#services/realtime/realtime.ts';
import { startScheduler } from '#services/scheduler/start-scheduler.ts';
import { startWorker } from '#services/worker/start-worker.ts';
import { type CollectedLine, collectingLogger } from '#tests/collecting-logger.ts';
import type { ModelServer, ModelServerOptions } from '#tests/model-server/model-server.ts';
import { startModelServer } from '#tests/model-server/model-server.ts';
import { type SignIn, signIn, signInGrant } from './sign-in.ts';
import { TestClient } from './test-client.ts';
import { testConfig } from './test-config.ts';

export interface TestChatOptions {
  readonly limits?: Partial<Config['limits']>;
  readonly clock?: Clock;
  readonly settings?: Partial<ChatSettings>;
  /** In place of those of the model server. */
  readonly models?: Models;
  /** In place of one in memory; closed with the rest. */
  readonly store?: Store;
  /** Replaces ports, for tests of their troubles: gets those that would be used. */
  readonly ports?: (ports: ChatTools) => Partial<ChatTools>;
  /** In place of what stories are made with: pictures are drawn, nothing speaks, nothing judges. */
  readonly stories?: Partial<Pick<StoryPorts, 'speech' | 'images' | 'moderation' | 'mail' | 'storyLimit' | 'settings'>>;
  /** The model server judges stories, as a provider's moderation or as a model. */
  readonly moderation?: 'provider' | 'model';
  readonly modelServer?: Pick<ModelServerOptions, 'moderator' | 'storyteller'>;
  readonly guestSessionMs?: number;
  readonly corsOrigins?: readonly string[];
  readonly trustedProxies?: readonly string[];
  readonly openId?: OpenIdConfig;
  /** Of the model `small`; `scripted` reads all. */
  readonly contextTokens?: number;
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly realtime: Realtime;
  /** What the app serves, as `listRoutes` names it. */
  readonly express: Express;
  /** A client that is signed in. */
  client(options?: string | SignIn): Promise<TestClient>;
}

export interface TestChat {
  readonly chat: ChatPorts;
  readonly stories: StoryPorts;
  readonly sessions: Sessions;
  readonly sweep: { readonly runs: RunSweep; readonly conversations: ConversationSweep; sweep(): Promise<void> };
  readonly modelServer: ModelServer;
  readonly lines: readonly CollectedLine[];
  readonly foundation: Foundation;
  /** Takes jobs, as services/worker does. */
  startWorker(): void;
  /** Sweeps, as services/scheduler does. */
  startScheduler(): Promise<void>;
  /** A guest where nothing else is said. */
  signIn(options?: string | SignIn): Promise<Principal>;
  /** api and realtime in one app, as the standalone process serves them, on a free port; replies are checked by the contract. */
  openTestServer(): Promise<TestServer>;
  /** Stops all in order, as SIGTERM does. */
  close(): Promise<void>;
}

/** Chat on the embedded adapters, with a model that does what messages ask of it. Whoever opens it closes it. */
export async function createTestChat(options: TestChatOptions = {}): Promise<TestChat> {
  const { clock = systemClock } = options;
  const { logger, lines } = collectingLogger();
  const modelServer = await startModelServer({ models: ['scripted', 'small'], ...options.modelServer });
  const config = testConfig(options, modelServer.url);
  const metrics = createMetrics({ service: 'test', version: config.version });
  const lifecycle = createLifecycle({
    logger,
    clock: systemClock,
    graceMs: 0,
    exit: () => {},
    signals: new EventEmitter(),
  });
  const store = options.store ?? (await openSqliteStore({ file: ':memory:', logger }));
  await store.prepare(collections);
  lifecycle.add('store', { close: () => store.close() });

  const tools = { logger, clock, random: Math.random };
  const newId = () => uuidV7();
  const broadcast = new LocalBroadcast(tools);
  const runtime = new RuntimeSettingsStore({ store, broadcast, clock, logger, defaults: defaultSettings(config) });
  await runtime.install();
  lifecycle.add('runtime settings', { close: () => runtime.close() });
  const counts = new LocalLimits();
  lifecycle.add('limits', { close: () => counts.close() });
  const limits = createRateLimits({ limits: counts, logger, metrics, config: config.limits, runtime });
  const ports: ChatTools = {
    records: openChatRecords(store),
    queue: new LocalQueue({ ...tools, metrics: queueMetrics(metrics) }),
    runLog: new LocalRunLog(tools),
    broadcast,
    models: options.models ?? new OpenAiModels(config.models, { ...tools, metrics: modelMetrics(metrics) }),
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
  const chatTools = { ...ports, ...options.ports?.(ports) };
  for (const [name, port] of Object.entries({ queue: ports.queue, runLog: ports.runLog, broadcast: ports.broadcast }))
    lifecycle.add(name, { close: () => port.close() });
  const folder = await mkdtemp(join(tmpdir(), 'lamplight-blobs-'));
  lifecycle.add('folder of blobs', { close: () => rm(folder, { recursive: true, force: true }) });
  const blobs = new FolderBlobs({ folder, clock, logger });
  await blobs.open();
  lifecycle.add('blobs', { close: () => blobs.close() });
  const audit = new Audit({ store, clock, logger, newId });
  const accounts = openAccounts(
    { ...chatTools, store, audit },
    { ...config.accounts, publicUrl: config.http.publicUrl },
  );
  const mail = new OutboxMail({ folder: config.mail.outbox, from: config.mail.from });
  const stories = openStories(chatTools, {
    accounts,
    stories: openStoryRecords(store),
    library: openLibraryRecords(store),
    schedules: openScheduleRecords(store),
    storyLimit: limits.stories,
    settings: { ...config.stories, publicUrl: config.http.publicUrl },
    ...{ blobs, speech: new NoSpeech(), images: new DrawnImages(), moderation: new NoModeration(), mail },
    ...(options.moderation && { moderation: await judge(options.moderation, modelServer, ports.models, tools) }),
    ...options.stories,
  });
  const { chat } = stories;
  const foundation: Foundation = {
    service: 'test',
    config,
    telemetry: { logger, metrics, close: async () => metrics.close() },
    lifecycle,
    clock,
    store,
    accounts,
    chat,
    stories,
    mail,
    blobs,
    audit,
    runtime,
    limits,
    clientAddress: clientAddresses(config.http.trustedProxies),
    pings: { store: () => store.ping() },
    ready: async () => {},
  };
  return {
    chat,
    stories,
    sessions: accounts.sessions,
    sweep: sweeps(chat),
    modelServer,
    lines,
    foundation,
    startWorker: () => startWorker(foundation),
    startScheduler: () => startScheduler(foundation, { alone: true }),
    signIn: (options) => signIn(accounts, options),
    openTestServer: () => openTestServer(foundation),
    close: async () => {
      await lifecycle.stop();
      await modelServer.close();
      metrics.close();
    },
  };
}

const judge = (kind: 'provider' | 'model', { url }: ModelServer, models: Models, tools: ProviderTools) =>
  openModeration({ kind, model: 'moderation', provider: { baseUrl: url, apiKey: 'k' } }, models, tools);

async function openTestServer(foundation: Foundation): Promise<TestServer> {
  const { config, telemetry, accounts, service, pings, lifecycle } = foundation;
  const app = createApp<Principal>({
    ...telemetry,
    corsOrigins: config.http.corsOrigins,
    publicUrl: config.http.publicUrl,
    authenticate: authenticator(accounts),
    onServed: countRequests(foundation),
    ...turnstile(foundation),
    checkReplies: true,
  });
  const draining = () => lifecycle.draining.aborted;
  app.mount(routes.health, healthCheck({ service, version: config.version, pings, draining }));
  mountApi(app, foundation);
  const realtime = openRealtime(foundation);
  mountChatRoutes(app, realtime);
  const port = await serveRealtime(foundation, app, realtime);
  const url = `http://127.0.0.1:${port}`;
  const client = async (options?: string | SignIn) =>
    new TestClient(url, (await signInGrant(accounts, options)).accessToken);
  return { url, port, realtime, express: app.express, client };
}

/** One pass of all that the scheduler looks for in chat. */
function sweeps(chat: ChatPorts): TestChat['sweep'] {
  const runs = new RunSweep(chat);
  const conversations = new ConversationSweep(chat);
  const sweep = async () => {
    await runs.sweep();
    await conversations.sweep();
  };
  return { runs, conversations, sweep };
}
