import type { RateLimit } from '#domain/limits/rate-limit.ts';
import type { RunPorts, RunSettings } from '#domain/runs/run-ports.ts';
import type { ChatRecords } from './chat-records.ts';

/** What chat runs on: handed to each of its functions. */
export interface ChatPorts extends RunPorts {
  readonly records: ChatRecords;
  /** Messages and retries, by person. */
  readonly messageLimit: RateLimit;
  readonly settings: ChatSettings;
}

export interface ChatSettings extends RunSettings {
  readonly systemText: string;
  readonly contextMessages: number;
}

/** What chat's own kind of run is made of. */
export type ChatTools = Omit<ChatPorts, 'kinds'>;
