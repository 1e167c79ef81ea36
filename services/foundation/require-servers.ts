import type { Config } from '#platform/config/config.ts';

/** The separate processes share nothing but MongoDB and Redis; where those are not set, prints so and ends with code 78 (`EX_CONFIG`). */
export function requireServers(config: Config): Config {
  if (config.storage.kind === 'servers') return config;
  process.stderr.write(
    'Set MONGODB_URI and REDIS_URL: this process works with others over them. `npm start` needs neither.\n',
  );
  process.exit(78);
}
