import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import { skipReason } from './skip-reason.ts';

export interface Tally {
  readonly passed: number;
  readonly failed: readonly Reasoned[];
  readonly skipped: readonly Reasoned[];
}

interface Reasoned {
  readonly name: string;
  readonly reason: string;
}

/** Names hold what a test was given, which may be long. */
const longestName = 300;

const firstLine = (error: { message?: string } | undefined): string => error?.message?.split('\n')[0] ?? 'no message';

function failedSetUp(test: TestCase): boolean {
  for (let parent: TestSuite | TestModule = test.parent; ; parent = parent.parent) {
    if (parent.errors().length > 0) return true;
    if (parent.type === 'module') return false;
  }
}

/** Writes how many tests passed, and which failed and were skipped and why, to the file that TEST_TALLY_FILE names. */
export default class TallyReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const file = process.env['TEST_TALLY_FILE'];
    if (file) writeFileSync(file, JSON.stringify(this.#tally(modules, unhandledErrors)));
  }

  #tally(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): Tally {
    let passed = 0;
    const failed: Reasoned[] = unhandledErrors.map((error) => ({ name: 'nobody caught', reason: firstLine(error) }));
    const skipped: Reasoned[] = [];
    for (const module of modules) {
      for (const suite of [module, ...module.children.allSuites()])
        if (suite.errors().length > 0)
          failed.push({ name: this.#name(suite), reason: `its set-up: ${firstLine(suite.errors()[0])}` });
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'skipped') {
          if (this.#isFilteredOut(test)) continue;
          skipped.push({ name: this.#name(test), reason: this.#reason(test, result.note) });
        } else failed.push({ name: this.#name(test), reason: firstLine(result.errors?.[0]) });
      }
    }
    return { passed, failed, skipped };
  }

  /** Someone ran a few tests by name (`-t`): the others are not skipped, they were not asked for. */
  #isFilteredOut(test: TestCase): boolean {
    const pattern = this.#vitest?.config.testNamePattern;
    return pattern !== undefined && !pattern.test(test.fullName.replaceAll(' > ', ' '));
  }

  #name(of: TestCase | TestSuite | TestModule): string {
    const file = relative(this.#vitest?.config.root ?? '', of.type === 'module' ? of.moduleId : of.module.moduleId);
    return of.type === 'module' ? file : `${file} > ${of.fullName}`.slice(0, longestName);
  }

  #reason(test: TestCase, note: string | undefined): string {
    if (note) return note;
    if (failedSetUp(test)) return 'the set-up of its suite failed';
    return skipReason(readFileSync(test.module.moduleId, 'utf8'), test.project.getProvidedContext());
  }
}
