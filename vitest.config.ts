import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 20_000, hookTimeout: 60_000 };
/** Tests wait for servers much of their time: two at once also where two cores are all. Those in a browser go one by one. */
const maxWorkers = Math.max(2, availableParallelism() - 1);
const globalSetup = ['tests/servers/global-setup.ts'];

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['services/**/*.ts', 'web/src/**/*.{ts,tsx}'],
      exclude: ['**/main.ts', '**/*.contract.ts', '**/*.test.{ts,tsx}'],
      thresholds: { branches: 80 },
    },
    projects: [
      {
        test: {
          ...shared,
          name: 'services',
          maxWorkers,
          include: ['{services,scripts,tests,nginx,deploy,helm}/**/*.test.ts'],
          exclude: ['tests/{e2e,evening}/**'],
          globalSetup,
        },
      },
      {
        test: {
          ...shared,
          name: 'web',
          maxWorkers,
          include: ['web/src/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
          setupFiles: ['web/src/test-setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          testTimeout: 60_000,
          name: 'e2e',
          include: ['tests/{e2e,evening}/**/*.test.ts'],
          fileParallelism: false,
          globalSetup,
        },
      },
    ],
  },
});
