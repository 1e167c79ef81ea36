import type { Config } from './config.ts';

/** The names and values of the environment. An empty value is the same as none. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every mistake in the settings at once, each as `SETTING: what is wrong and what to write`. Holds no value of a secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings are not right:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The settings in `env`, or one `ConfigError`. Reads the files that `NAME_FILE` and `MODELS_FILE` name, and nothing else. */
export declare function loadConfig(env: Environment): Config;
