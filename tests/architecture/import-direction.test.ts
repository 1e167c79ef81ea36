import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findViolations } from './find-violations.ts';
import { readSource, type SourceFile } from './import-graph.ts';
import * as rules from './import-rules.ts';
import { findMachineTraces } from './text-rules.ts';

/** A made-up tree: each file's imports by its path. */
const tree = (imports: Record<string, string>): SourceFile[] =>
  Object.entries(imports).map(([path, source]) => readSource(path, source));

it('holds in this tree', () => {
  expect(findViolations(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([]);
});

describe('imports point one way', () => {
  const forbidden: ReadonlyArray<readonly [path: string, imported: string]> = [
    ['services/platform/store/store.ts', '#domain/chat/send.ts'],
    ['services/platform/store/store.ts', '../../api/serve.ts'],
    ['services/domain/chat/send.ts', '#services/worker/answer.ts'],
    ['services/domain/chat/send.ts', '#tests/servers/child.ts'],
    ['services/domain/chat/send.ts', '#services/foundation/open-app.ts'],
    ['services/foundation/open-app.ts', '#services/api/mount-api.ts'],
    ['services/contract/chat.ts', '#platform/errors.ts'],
    ['services/api/serve.ts', '#services/test/attacks/table.ts'],
    ['services/api/serve.ts', '../../web/src/api/client.ts'],
    ['services/api/main.ts', '#scripts/services/front.ts'],
    ['web/src/api/client.ts', '../../../services/platform/errors.ts'],
    ['web/src/api/client.ts', '#domain/chat/send.ts'],
  ];
  it.each(forbidden)('%s may not import %s', (path, imported) => {
    expect(rules.importsPointOneWay(tree({ [path]: `import '${imported}';` }))).toHaveLength(1);
  });

  it.each([
    'import type { A } from "#domain/a.ts";',
    'export { a } from "#domain/a.ts";',
    'export * from "#domain/a.ts";',
    'const a = () => import("#domain/a.ts");',
  ])('sees %s', (source) => {
    expect(rules.importsPointOneWay(tree({ 'services/platform/a.ts': source }))).toHaveLength(1);
  });

  const fine: ReadonlyArray<readonly [path: string, imported: string]> = [
    ['services/api/main.ts', '#domain/chat/send.ts'],
    ['services/api/main.ts', '#services/foundation/open-app.ts'],
    ['services/foundation/open-app.ts', '#domain/chat/send.ts'],
    ['services/domain/chat/send.ts', '#platform/store/store.ts'],
    ['services/platform/store/store.ts', '#contract/pages.ts'],
    ['services/platform/store/store.test.ts', '#domain/chat/send.ts'],
    ['services/platform/store/store.contract.ts', '#tests/servers/child.ts'],
    ['web/src/api/client.ts', '../../../services/contract/chat.ts'],
    ['services/domain/chat/send.ts', 'uuid'],
    ['services/test/attacks/table.ts', '#tests/servers/child.ts'],
  ];
  it.each(fine)('%s may import %s', (path, imported) => {
    expect(rules.importsPointOneWay(tree({ [path]: `import '${imported}';` }))).toEqual([]);
  });
});

it('lets runs know nothing of what they are made for, but in tests', () => {
  const files = tree({
    'services/domain/runs/a.ts': `import '#domain/chat/b.ts'; import type { C } from '../stories/c.ts'; import './d.ts';`,
    'services/domain/runs/sub/a.ts': `const a = () => import('#domain/schedules/b.ts');`,
    'services/domain/runs/b.ts': `import '#domain/usage/b.ts'; import '#platform/clock.ts';`,
    'services/domain/runs/a.test.ts': `import '#domain/chat/b.ts';`,
    'services/domain/chat/b.ts': `import '#domain/runs/a.ts'; import '#domain/stories/c.ts';`,
  });
  expect(rules.runsKnowNoKind(files)).toEqual([
    expect.stringContaining('imports services/domain/chat/b.ts'),
    expect.stringContaining('imports services/domain/stories/c.ts'),
    expect.stringContaining('imports services/domain/schedules/b.ts'),
  ]);
});

it('lets the contract import zod and itself alone', () => {
  const files = tree({ 'services/contract/a.ts': `import 'zod'; import './b.ts'; import 'node:fs'; import 'uuid';` });
  expect(rules.contractNeedsOnlyZod(files)).toEqual([
    expect.stringContaining('node:fs'),
    expect.stringContaining('uuid'),
  ]);
});

it('lets only standalone be made of other processes, and nobody import a main.ts', () => {
  const files = tree({
    'services/standalone/compose.ts': `import '#services/api/serve.ts'; import '#services/api/main.ts';`,
    'services/worker/answer.ts': `import '#services/api/serve.ts'; import './claim.ts';`,
  });
  expect(rules.processesShareNothing(files)).toEqual([
    expect.stringContaining('imports services/api/main.ts'),
    expect.stringContaining('services/worker/answer.ts imports services/api/serve.ts'),
  ]);
});

it('lets only open-*.ts and tests pick an adapter', () => {
  const files = tree({
    'services/platform/store/open-store.ts': `import './store.ts'; const s = () => import('./mongo-store.ts');`,
    'services/platform/queue/open-queue.ts': `const s = () => import('../redis/connect-redis.ts');`,
    'services/platform/queue/bull-queue.ts': `import '../redis/connect-redis.ts';`,
    'services/platform/store/mongo-store.test.ts': `import './mongo-store.ts';`,
    'services/platform/queue/queue.ts': `import '../store/store.ts'; import '../store/mongo-store.ts';`,
    'services/domain/chat/send.ts': `const s = () => import('#platform/store/mongo-store.ts');`,
  });
  expect(rules.onlyOpenersPickAdapters(files)).toEqual([
    expect.stringContaining('services/platform/queue/queue.ts imports'),
    expect.stringContaining('services/domain/chat/send.ts imports'),
  ]);
});

describe('the environment', () => {
  it.each([
    'const a = process.env["A"];',
    'const a = process["env"].A;',
    'const { env } = process;',
    'import { env } from "node:process";',
  ])('is not read anywhere by %s', (source) => {
    expect(rules.onlyMainReadsTheEnvironment(tree({ 'services/domain/a.ts': source }))).toHaveLength(1);
  });

  it('is read by main.ts, by read-environment.ts, by scripts and by tests', () => {
    const source = 'const a = process.env["A"];';
    const files = tree({
      'services/api/main.ts': source,
      'services/platform/config/read-environment.ts': source,
      'services/domain/a.test.ts': source,
      'scripts/a.mjs': source,
      'tests/a.ts': source,
    });
    expect(rules.onlyMainReadsTheEnvironment(files)).toEqual([]);
  });

  it('may be spoken of', () => {
    expect(rules.onlyMainReadsTheEnvironment(tree({ 'services/domain/a.ts': '// no process.env here' }))).toEqual([]);
  });
});

it('finds files of more than 300 lines', () => {
  const files = tree({ 'a.ts': '//\n'.repeat(300), 'b.ts': '//\n'.repeat(301) });
  expect(rules.filesAreShort(files)).toEqual([expect.stringContaining('b.ts has 301 lines')]);
});

it('finds what belongs to one machine', () => {
  const path = ['', 'root', 'project'].join('/');
  const host = ['registry', 'npmjs', 'org'].join('.');
  expect(findMachineTraces('a.md', `Look in ${path} first.`)).toHaveLength(1);
  expect(findMachineTraces('a.md', `Get it from ${host}.`)).toHaveLength(1);
  expect(findMachineTraces('a.ts', `import x from '../work/plan.ts'; // services/worker/main.ts`)).toEqual([]);
});
