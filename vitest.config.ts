import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const cores = availableParallelism();
/** Tests wait for servers much of their time: so three at once also where two cores are all. */
const shared = {
  testTimeout: 20_000,
  hookTimeout: 60_000,
  maxWorkers: Math.max(3, cores - 1),
  sequence: { groupOrder: 1 },
};
/** A browser and a Lamplight for each file: two at once are as much as two cores can do. Before the others. */
const journeys = { maxWorkers: Math.max(2, cores - 1), sequence: { groupOrder: 0 } };
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
          include: ['{services,scripts,tests,nginx,deploy,helm}/**/*.test.ts'],
          exclude: ['tests/{e2e,evening}/**'],
          globalSetup,
        },
      },
      {
        test: {
          ...shared,
          name: 'web',
          include: ['web/{src,service-worker}/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
          setupFiles: ['web/src/test-setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          ...journeys,
          testTimeout: 60_000,
          expect: { poll: { timeout: 15_000 } },
          name: 'e2e',
          include: ['tests/{e2e,evening}/**/*.test.ts'],
          globalSetup,
        },
      },
    ],
  },
});
