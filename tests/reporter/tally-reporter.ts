import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import { skipReason } from './skip-reason.ts';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

function failedSetUp(test: TestCase): boolean {
  for (let parent: TestSuite | TestModule = test.parent; ; parent = parent.parent) {
    if (parent.errors().length > 0) return true;
    if (parent.type === 'module') return false;
  }
}

/** Writes how many tests passed, failed and were skipped, which and why, to the file that TEST_TALLY_FILE names. */
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
    let failed = unhandledErrors.length;
    const skipped: { name: string; reason: string }[] = [];
    for (const module of modules) {
      failed += [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'skipped') {
          if (this.#isFilteredOut(test)) continue;
          skipped.push({ name: this.#name(test), reason: this.#reason(test, result.note) });
        } else failed += 1;
      }
    }
    return { passed, failed, skipped };
  }

  /** Someone ran a few tests by name (`-t`): the others are not skipped, they were not asked for. */
  #isFilteredOut(test: TestCase): boolean {
    const pattern = this.#vitest?.config.testNamePattern;
    return pattern !== undefined && !pattern.test(test.fullName.replaceAll(' > ', ' '));
  }

  #name(test: TestCase): string {
    const root = this.#vitest?.config.root ?? '';
    return `${relative(root, test.module.moduleId)} > ${test.fullName}`;
  }

  #reason(test: TestCase, note: string | undefined): string {
    if (note) return note;
    if (failedSetUp(test)) return 'the set-up of its suite failed';
    return skipReason(readFileSync(test.module.moduleId, 'utf8'), test.project.getProvidedContext());
  }
}
