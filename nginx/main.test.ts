import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from './certificate.fixture.ts';
import { renderTo } from './edge.fixture.ts';
import { edgeVariables, variablesTable } from './variables.ts';

const call = async (args: readonly string[], env: Record<string, string> = {}) => {
  const main = resolve(import.meta.dirname, 'main.ts');
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...args], { env });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
};
const env = { PUBLIC_URL: 'https://chat.example.org', EDGE_RESOLVER: '127.0.0.1' };

describe('node nginx/main.ts', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamplight-edge-'));
  });

  it('writes what is rendered, and the same again over what was there', async () => {
    const out = join(folder, 'a', 'b');
    expect(await call(['--out', out], { ...env, API_URL: 'https://api.example.org' })).toMatchObject({ code: 0 });
    await writeFile(join(out, 'of-an-older-release.conf'), '');
    await writeFile(join(out, 'notes.txt'), 'mine');
    expect(await call(['--out', out], env)).toEqual({ code: 0, stdout: '', stderr: '' });
    const expected = join(folder, 'expected');
    await renderTo(expected, env);
    const names = (await readdir(expected)).sort();
    expect((await readdir(out)).sort()).toEqual([...names, 'notes.txt'].sort());
    for (const name of names) expect(await readFile(join(out, name))).toEqual(await readFile(join(expected, name)));
  });

  it('lists every mistake, writes nothing, and ends with 78', async () => {
    const out = join(folder, 'none');
    const { code, stderr } = await call(['--out', out], { EDGE_TLS: 'maybe', EDGE_TYPO: 'x' });
    expect([code, stderr]).toEqual([78, expect.stringMatching(/EDGE_TYPO: [\s\S]*PUBLIC_URL: is missing/)]);
    expect(stderr).toContain('EDGE_TLS: ');
    await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('checks without writing', async () => {
    expect((await call(['--check'], env)).code).toBe(0);
    expect((await call(['--check'], { ...env, EDGE_TLS: 'maybe' })).code).toBe(78);
  });

  it('staples OCSP answers where the certificate names who gives them, and warns of what is no certificate', async () => {
    const render = async (certificate: string) => {
      const out = join(folder, 'stapling');
      const { code, stderr } = await call(['--out', out], { ...env, EDGE_CERTIFICATE: certificate });
      return { code, stderr, staples: (await readFile(join(out, 'tls.conf'), 'utf8')).includes('ssl_stapling on;') };
    };
    const { cert } = await makeCertificate(folder);
    expect(await render(cert)).toEqual({ code: 0, stderr: '', staples: false });
    const responder = 'authorityInfoAccess=OCSP;URI:http://ocsp.example.org';
    const named = await makeCertificate(folder, ['-addext', responder]);
    expect(await render(named.cert)).toEqual({ code: 0, stderr: '', staples: true });
    expect(await render(join(folder, 'none.crt'))).toEqual({ code: 0, stderr: '', staples: false });
    await writeFile(join(folder, 'wrong.crt'), 'no certificate');
    const wrong = await render(join(folder, 'wrong.crt'));
    expect(wrong).toMatchObject({ code: 0, staples: false, stderr: expect.stringContaining('EDGE_CERTIFICATE: ') });
  });

  it('says how it is called', async () => {
    const { code, stdout } = await call(['--help']);
    expect(code).toBe(0);
    for (const name of Object.keys(edgeVariables)) expect(stdout).toContain(`  ${name}`);
    for (const args of [[], ['--wrong'], ['--out', 'x', '--check'], ['x']]) {
      expect(await call(args, env)).toMatchObject({ code: 2, stderr: expect.stringContaining('--help') });
    }
  });

  it('is described whole in the docs', async () => {
    const docs = await readFile(resolve(import.meta.dirname, '../docs/edge.md'), 'utf8');
    expect(docs).toContain(variablesTable());
  });
});
