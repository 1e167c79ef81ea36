import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { directive } from '#tests/model-server/directive.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { readOptions } from './release/options.ts';
import { type RecordingHelm, recordingHelm } from './release/recording-helm.ts';
import { runRelease } from './release/run-release.ts';
import { ReleaseFailed } from './release/steps.ts';

const run = promisify(execFile);
const entry = join(import.meta.dirname, 'release.ts');
const root = join(import.meta.dirname, '..');
const image = `registry.example.org/lamplight/server@sha256:${'0f'.repeat(32)}`;

describe('release', () => {
  let helm: RecordingHelm;
  let model: ModelServer;
  let lamplight: LamplightProcess;

  beforeAll(async () => {
    helm = await recordingHelm();
    model = await startModelServer();
    lamplight = await startStandalone({
      env: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted' },
    });
  });
  beforeEach(() => helm.set({}));
  afterAll(async () => {
    await lamplight?.stop();
    await model?.close();
  });

  async function release(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    try {
      return { code: 0, ...(await run(process.execPath, [entry, ...args], { env: helm.env, cwd: root })) };
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string };
    }
  }
  const atItsBest = () => ['--url', lamplight.url, '--wait', '5'];
  const broken = () => [...atItsBest(), '--message', directive({ fault: '401' })];

  it('deploys by digest, waits, and has helm put back what fails', async () => {
    const more = ['--values', 'a.yaml', '--values', 'b.yaml', '--set', 'api.replicas=3', '--timeout', '90'];
    const { code, stdout } = await release(
      'deploy',
      '--server',
      image,
      '--namespace',
      'chat',
      '--create-namespace',
      ...more,
    );
    expect(stdout).toMatch(/nothing runs yet.*\nRevision 1 is ready after [\d.]+ s\.\n$/);
    expect(code).toBe(0);
    const [call] = await helm.calls();
    expect(call?.slice(0, 9)).toEqual([
      ...['upgrade', 'lamplight', '--namespace', 'chat', 'helm/lamplight', '--install'],
      ...['--rollback-on-failure', '--wait', '--timeout'],
    ]);
    const line = call?.join(' ');
    expect(line).toContain('--timeout 90s --create-namespace --values a.yaml --values b.yaml');
    expect(line).toContain(
      `--set-string image.tag= --set-string image.digest=${image.split('@')[1]} --set api.replicas=3`,
    );
  });

  it('says --atomic to helm 3, and nothing to one that is too old', async () => {
    await helm.set({ version: 'v3.18.0' });
    expect(await release('deploy')).toMatchObject({ code: 0 });
    expect((await helm.calls())[0]).toContain('--atomic');
    expect((await helm.calls())[0]).not.toContain('--rollback-on-failure');
    await helm.set({ version: 'v3.17.9' });
    expect(await release('deploy')).toMatchObject({ code: 1, stderr: expect.stringMatching(/too old: 3\.18 or 4/) });
  });

  it('tells the time from a commit to the running release', async () => {
    const { stdout } = await release('deploy', '--commit', 'HEAD');
    const seconds = Number(/From its commit to the running release: ([\d.]+) s/.exec(stdout)?.[1]);
    const { stdout: committed } = await run('git', ['show', '-s', '--format=%ct', 'HEAD'], { cwd: root });
    expect(Math.abs(Date.now() / 1000 - Number(committed) - seconds)).toBeLessThan(30);
    const unknown = await release('deploy', '--commit', 'never-made');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringMatching(/no commit of this checkout/) });
  });

  it('says what runs after a release that did not get ready', async () => {
    await helm.set({ revisions: ['superseded', 'deployed'], fails: ['upgrade'] });
    const { code, stderr } = await release('deploy');
    expect(code).toBe(1);
    expect(stderr).toMatch(/upgrade cannot be done\nThe release was not made\. Revision 2 \(x\) runs now\.\n$/);
  });

  it('touches nothing while another release is unfinished, and says how to clear it', async () => {
    await helm.set({ revisions: ['deployed', 'pending-upgrade'] });
    const { code, stderr } = await release('deploy');
    expect(code).toBe(1);
    expect(stderr).toMatch(/Revision 2 is unfinished.*helm rollback lamplight 1 --namespace lamplight --wait/s);
    expect(await helm.calls()).toEqual([]);
  });

  it('verifies with helm’s test and one person’s visit', async () => {
    await helm.set({ revisions: ['deployed'] });
    const { code, stdout } = await release('verify', ...atItsBest());
    expect(stdout).toMatch(/test is done\nok .*works: 11 passed, 0 failed/s);
    expect(code).toBe(0);
    expect((await helm.calls())[0]).toEqual(expect.arrayContaining(['test', '--logs']));
    await helm.set({ revisions: ['deployed'], fails: ['test'] });
    expect(await release('verify', ...atItsBest())).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/test cannot be done/),
    });
  });

  it('ships what works', async () => {
    const report = join(await mkdtemp(join(tmpdir(), 'lamplight-release-')), 'report.json');
    await helm.set({ revisions: ['deployed'] });
    expect(await release('ship', '--report', report, ...atItsBest())).toMatchObject({ code: 0, stderr: '' });
    expect((await helm.calls()).map(([command]) => command)).toEqual(['upgrade', 'test']);
    const written = JSON.parse(await readFile(report, 'utf8'));
    expect(written).toMatchObject({ deployed: { revision: 2, previous: 1 }, verified: { load: 'not asked for' } });
  });

  it('takes back what does not work, says so, and fails', async () => {
    const report = join(await mkdtemp(join(tmpdir(), 'lamplight-release-')), 'report.json');
    await helm.set({ revisions: ['superseded', 'deployed'] });
    const { code, stdout, stderr } = await release('ship', '--report', report, ...broken());
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /FAILED answer over SSE.*Rolling back from revision 3 to revision 2\.\nRevision 4, a copy of 2, runs now/s,
    );
    expect(stderr).toMatch(/^Revision 3 did not work and was taken back: The checks at .* failed\.\n$/);
    expect((await helm.calls()).at(-1)).toEqual(expect.arrayContaining(['rollback', '2', '--wait']));
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({
      rolledBack: { from: 3, to: 2, revision: 4 },
      problem: expect.stringMatching(/was taken back/),
    });
  });

  it('says that there is nothing to go back to at the first install, and when the way back fails too', async () => {
    const first = await release('ship', ...broken());
    expect(first).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/first one: there is nothing to go back to/),
    });
    await helm.set({ revisions: ['deployed'], fails: ['test', 'rollback'] });
    const stuck = await release('ship', ...atItsBest());
    expect(stuck).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/rollback cannot be done\n.*Revision 2 .* runs now/s),
    });
  });

  it('takes back what it could not look at, since nobody knows whether that works', async () => {
    await helm.set({ revisions: ['deployed'] });
    const options = readOptions(['ship', ...atItsBest()], {});
    if (!options) throw new Error('These are options.');
    const lines: string[] = [];
    const broken = new TypeError('the checks themselves broke');
    vi.stubEnv('PATH', helm.env['PATH']);
    const shipped = runRelease(
      options,
      (line) => lines.push(line),
      () => Promise.reject(broken),
    ).finally(() => vi.unstubAllEnvs());
    // release.ts ends with 1 for everything but wrong options.
    await expect(shipped).rejects.toBeInstanceOf(ReleaseFailed);
    await expect(shipped).rejects.toMatchObject({
      message: 'Revision 2 did not work and was taken back: the checks themselves broke',
      cause: broken,
    });
    expect(lines.join('\n')).toMatch(/TypeError: the checks themselves broke\n +at .*Rolling back from revision 2/s);
    expect((await helm.history()).at(-1)).toMatchObject({
      revision: 3,
      status: 'deployed',
      description: 'Rollback to 1',
    });
  });

  it('takes back what breaks under a load test', async () => {
    await helm.set({ revisions: ['deployed'] });
    const { code, stderr } = await release('ship', ...atItsBest(), '--load', 'no-such-test');
    expect(code).toBe(1);
    expect(stderr).toMatch(/Revision 2 did not work and was taken back: The load test "no-such-test"/);
  });

  it('rolls back by hand, to the last good revision or to one by its number', async () => {
    await helm.set({ revisions: ['superseded', 'failed', 'deployed'] });
    expect(await release('rollback')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/from revision 3 to revision 1/),
    });
    expect(await release('rollback')).toMatchObject({ code: 1, stderr: expect.stringMatching(/no good revision/) });
    expect(await release('rollback', '--to', '3')).toMatchObject({ code: 0 });
    expect((await helm.history()).at(-1)).toMatchObject({ revision: 5, description: 'Rollback to 3' });
  });

  it.each([
    [[], /Say one of deploy, verify, rollback, ship/],
    [['launch'], /Say one of/],
    [['deploy', '--server', 'lamplight/server:latest'], /by digest/],
    [['deploy', '--namespace', 'Not A Name'], /lower-case letters/],
    [['deploy', '--timeout', '5m'], /whole number of seconds/],
    [['verify'], /--url is missing/],
    [['rollback', '--to', 'last'], /must be a revision/],
    [['deploy', '--ca', 'missing.pem'], /cannot be read/],
  ])('refuses %j with what to do, and calls nothing', async (args, message) => {
    expect(await release(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
    expect(await helm.calls()).toEqual([]);
  });
});
