import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { readActions, readWorkflows, type Step } from './read-workflows.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const workflows = readWorkflows(root);
const actions = readActions(root);
const files = [...workflows, ...actions];
const jobs = workflows.flatMap(({ path, content }) =>
  Object.entries(content.jobs).map(([name, job]) => ({ name: `${path} ${name}`, job })),
);
const steps: Step[] = [
  ...jobs.flatMap(({ job }) => job.steps),
  ...actions.flatMap(({ content }) => content.runs.steps),
];
const { actionlint, zizmor } = inject('programs');

/** What a program says of the workflows; empty where it has nothing against them. */
async function complaints(program: string, args: readonly string[]): Promise<string> {
  try {
    await run(program, args, {
      cwd: root,
      env: { ...process.env, PATH: [dirname(program), process.env['PATH']].join(delimiter) },
    });
    return '';
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string };
    return `${stdout ?? ''}${stderr ?? ''}` || message;
  }
}

describe.skipIf(!actionlint)('actionlint', () => {
  it('has nothing against the workflows, their shell included', async () => {
    expect(await complaints(actionlint ?? '', ['-shellcheck', 'shellcheck', '-pyflakes', ''])).toBe('');
  });
});

describe.skipIf(!zizmor)('zizmor', () => {
  it('has nothing against the workflows, at its strictest', async () => {
    expect(await complaints(zizmor ?? '', ['--offline', '--pedantic', '--no-progress', '.github'])).toBe('');
  });
});

describe('the shell scripts of a release', () => {
  it('are clean by shellcheck', async () => {
    const scripts = [
      'release-kubeconfig',
      'release-check-chart',
      'release-trial',
      'release-images',
      'release-check-signatures',
    ];
    const all = [...scripts, 'install-test-tools'].map((name) => `scripts/${name}.sh`);
    expect(await complaints('shellcheck', all)).toBe('');
  });
});

describe('workflows', () => {
  it('exist', () => {
    expect(workflows.map(({ path }) => path.split('/').at(-1)).sort()).toEqual([
      'main.yml',
      'pull-request.yml',
      'rollback.yml',
    ]);
    expect(steps.length).toBeGreaterThan(40);
  });

  it('pin each action to a commit, with its version beside it, and each the same everywhere', () => {
    const lines = files.flatMap(({ text }) => text.match(/^\s*(?:- )?uses: .*$/gm) ?? []).map((line) => line.trim());
    const foreign = lines.filter((line) => !/uses: \.\//.test(line));
    const unpinned = foreign.filter((line) => !/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line));
    expect(unpinned).toEqual([]);
    const pins = new Map<string, Set<string>>();
    for (const line of foreign) {
      const [name = '', pin = ''] = line.replace(/^(- )?uses: /, '').split('@');
      pins.set(name, (pins.get(name) ?? new Set()).add(pin));
    }
    expect([...pins].filter(([, found]) => found.size > 1)).toEqual([]);
    expect(lines.length).toBe(steps.filter(({ uses }) => uses).length + jobs.filter(({ job }) => job.uses).length);
  });

  it('use only actions of this checkout that are there', () => {
    const own = [...steps.map(({ uses }) => uses), ...jobs.map(({ job }) => job.uses)].filter((uses) =>
      uses?.startsWith('./'),
    );
    expect(own.length).toBeGreaterThan(0);
    for (const uses of own) {
      const path = join(root, uses ?? '');
      expect(existsSync(path.endsWith('.yml') ? path : join(path, 'action.yml')), uses).toBe(true);
    }
  });

  it('may do nothing but what a job names', () => {
    for (const { path, content } of workflows) {
      expect(content.permissions, path).toEqual({});
      expect(content.concurrency, path).toBeDefined();
    }
    for (const { name, job } of jobs) {
      expect(job.permissions, name).toBeTypeOf('object');
      expect(Object.keys(job.permissions ?? {}), name).not.toEqual([]);
    }
    const writing = jobs.filter(({ job }) =>
      Object.entries(job.permissions ?? {}).some(([key, value]) => value === 'write' && key !== 'id-token'),
    );
    expect(writing.map(({ name }) => name)).toEqual(['.github/workflows/main.yml images']);
  });

  it('roll an environment back in the same order as they release to it', () => {
    const [release, rollback] = ['main', 'rollback'].map((name) =>
      workflows.find(({ path }) => path === `.github/workflows/${name}.yml`),
    );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's expression, not ours.
    expect(rollback?.content.concurrency).toEqual({ group: '${{ inputs.environment }}', 'cancel-in-progress': false });
    const environments = Object.values(release?.content.jobs ?? {}).filter(({ environment }) => environment);
    expect(environments.map(({ environment }) => environment?.name)).toEqual(['staging', 'production']);
    for (const { environment, concurrency } of environments) {
      expect(concurrency).toEqual({ group: environment?.name, 'cancel-in-progress': false });
    }
  });

  it('end', () => {
    const endless = jobs.filter(({ job }) => job.uses === undefined && !job['timeout-minutes']);
    expect(endless.map(({ name }) => name)).toEqual([]);
  });

  it('never run strangers’ code with the rights of this repository', () => {
    for (const { path, text } of files) {
      expect(text, path).not.toMatch(/pull_request_target|workflow_run:/);
      expect(text, path).not.toMatch(/secrets: inherit/);
    }
    for (const { run: script = '' } of steps) expect(script).not.toContain('${{');
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const { with: inputs } of checkouts) expect(inputs).toMatchObject({ 'persist-credentials': false });
  });

  it('call scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const shell = steps.flatMap((step) => step.run ?? []).join('\n');
    const named = [...shell.matchAll(/\bnpm (?:run (?:--\S+ )*)?([a-z][\w:-]*)/g)].map(([, name = '']) => name);
    expect(named).toEqual(expect.arrayContaining(['check', 'test', 'release', 'images']));
    expect(named.filter((name) => name !== 'install' && !scripts[name])).toEqual([]);
    const paths = [...shell.matchAll(/\bscripts\/[\w./-]+\.(?:sh|ts|mjs)\b/g)].map(([path]) => path);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('release by digest, staging before production, and name no registry', () => {
    const [main] = workflows.filter(({ path }) => path.endsWith('main.yml'));
    const released = main?.content.jobs ?? {};
    expect(released['production']).toMatchObject({
      needs: ['images', 'staging'],
      environment: { name: 'production' },
    });
    expect(released['staging']).toMatchObject({ needs: 'images', environment: { name: 'staging' } });
    expect(released['images']).toMatchObject({ needs: 'checks' });
    expect(main?.text.match(/release -- ship --server "\$SERVER" --edge "\$EDGE"/g)).toHaveLength(2);
    for (const file of files) expect(file.text).not.toMatch(/\bghcr\b|docker\.io|quay\b|amazonaws/);
  });
});
