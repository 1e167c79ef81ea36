import type { ProviderAddress } from '#platform/provider/openai-client.ts';
import type { LogLevel } from '#platform/telemetry/logger.ts';

/** The settings of a process: grouped, frozen, complete. `loadConfig` makes it from the environment. */
export interface Config {
  readonly version: string;
  readonly http: {
    /** The address that both ports listen on; `127.0.0.1` unless HOST says otherwise. */
    readonly host: string;
    readonly port: number;
    readonly opsPort: number;
    /** What people type into their browser; no slash at the end. */
    readonly publicUrl: string;
    /** Origins that may call the API from another host; exact. */
    readonly corsOrigins: readonly string[];
    /** Networks whose `X-Forwarded-For` is believed, as Express's `trust proxy` has them. */
    readonly trustedProxies: readonly string[];
  };
  readonly storage:
    | { readonly kind: 'embedded'; readonly dataDir: string }
    | { readonly kind: 'servers'; readonly mongodbUri: string; readonly redisUrl: string };
  readonly models: ModelsConfig;
  readonly chat: {
    readonly systemText: string;
    /** How many of the last messages a model sees at most. */
    readonly contextMessages: number;
    /** Answers that one worker makes at a time. */
    readonly workerConcurrency: number;
    readonly maxRunMs: number;
    /** UTF-16 units of output, after which an answer is ended. */
    readonly maxOutputLength: number;
    /** The longest answer that is asked of a model. */
    readonly maxReplyTokens: number;
  };
  readonly accounts: AccountsConfig;
  readonly stories: StoriesConfig;
  readonly speech: SpeechConfig;
  readonly images: ImagesConfig;
  readonly moderation: ModerationConfig;
  readonly mail: {
    /** Where absent, mails are files in `outbox`. */
    readonly smtpUrl?: string;
    readonly outbox: string;
    readonly from: string;
  };
  readonly limits: LimitsConfig;
  readonly logs: { readonly level: LogLevel; readonly file?: string };
  readonly shutdown: {
    /** How long a process that must stop lets answers under way go on. */
    readonly graceMs: number;
  };
}

export interface AccountsConfig {
  /** The first signs, all are believed. Empty: one process alone makes its own. */
  readonly jwtSecrets: readonly string[];
  readonly admin: { readonly email: string; readonly password?: string };
  readonly registration: 'open' | 'invite' | 'closed';
  readonly guests: boolean;
  readonly sessionMs: number;
  /** A guest session lives this long after its last use. */
  readonly guestSessionMs: number;
  readonly openId?: OpenIdConfig;
}

export interface StoriesConfig {
  /** How long a story is kept unless it is a favourite. */
  readonly ttlMs: number;
  /** Favourites of one person. */
  readonly favourites: number;
  /** Stories, and what follows them, that one worker works on at a time, each. */
  readonly concurrency: number;
  /** The folder with the library's characters, scenes and prompts. */
  readonly libraryDir: string;
}

/** `auto`: the provider where a model is named, else espeak-ng where it is installed, else nothing. */
export interface SpeechConfig {
  readonly kind: 'auto' | 'provider' | 'espeak' | 'none';
  /** By the provider's name for it; absent: none is asked. */
  readonly model?: string;
  readonly voice: string;
  /** The first of the models' providers. */
  readonly provider?: ProviderAddress;
}

/** `model` absent: pictures are drawn here. */
export interface ImagesConfig {
  readonly model?: string;
  readonly provider?: ProviderAddress;
}

/** `auto`: the provider's moderation where it has one, else a second call of a model. */
export interface ModerationConfig {
  readonly kind: 'auto' | 'provider' | 'model';
  /** By the provider's name for it. */
  readonly model: string;
  readonly provider?: ProviderAddress;
}

export interface OpenIdConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** What its button says. */
  readonly name: string;
  readonly scopes: string;
  /** Absent: whoever signs in is a user. */
  readonly roles?: {
    readonly claim: readonly string[];
    readonly byValue: Readonly<Record<string, 'user' | 'manager' | 'admin'>>;
  };
}

export interface LimitsConfig {
  readonly messagesPerMinute: number;
  /** Tokens a day. */
  readonly dailyTokens: number;
  readonly guestDailyTokens: number;
  readonly runningAnswers: number;
  /** WebSockets of one person, and answer streams of one person. */
  readonly socketsPerPerson: number;
  /** By address. */
  readonly guestsPerMinute: number;
  /** Wrong passwords in 15 minutes, by account and address. */
  readonly signInAttempts: number;
  /** Of one process. */
  readonly maxSockets: number;
  readonly maxRequests: number;
}

export interface ModelsConfig {
  /** Empty: the demo model alone. */
  readonly providers: readonly ProviderConfig[];
  /** The id of the model that answers where none is chosen. */
  readonly default: string;
  readonly timeouts: { readonly firstTokenMs: number; readonly betweenTokensMs: number };
  /** Tries before the first token, in all. */
  readonly attempts: number;
}

export interface ProviderConfig {
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly models: readonly ModelConfig[];
}

export interface ModelConfig {
  /** What people and the API choose by; unique over all providers. */
  readonly id: string;
  /** What the provider calls it. */
  readonly providerModel: string;
  readonly name: string;
  readonly contextTokens: number;
  readonly maxOutputTokens?: number;
  readonly vision: boolean;
  /** In the currency of the provider's bill; 0 where it costs nothing. */
  readonly price: { readonly inputPerMillion: number; readonly outputPerMillion: number };
  /** The id of the model that answers where this one fails before its first token. */
  readonly fallback?: string;
}
