import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { selfSigned } from '#tests/servers/pebble.ts';
import { findProgram } from '#tests/servers/programs.ts';
import { certificates } from './certificates/certificates.fixture.ts';

const { openssl } = inject('programs');
const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);

/** A folder that the edge reads, one that certbot would have written, and a file that says how often the edge was reloaded. */
async function prepare() {
  const dir = await mkdtemp(join(tmpdir(), 'lamplight-certificates-'));
  const [tls, lineage, reloads] = [join(dir, 'tls'), join(dir, 'live', 'lamplight'), join(dir, 'reloads')];
  const [certificate, key] = [join(tls, 'tls.crt'), join(tls, 'tls.key')];
  await mkdir(lineage, { recursive: true });
  const issue = async (name: string) => {
    const made = await selfSigned(await mkdtemp(join(dir, 'made-')), [name]);
    await copyFile(made.certificate, join(lineage, 'fullchain.pem'));
    await copyFile(made.key, join(lineage, 'privkey.pem'));
    return new X509Certificate(await readFile(made.certificate)).serialNumber;
  };
  const paths = ['--certificate', certificate, '--key', key];
  return {
    dir,
    tls,
    lineage,
    certificate,
    key,
    issue,
    status: (...more: string[]) => certificates(['status', ...paths, ...more]),
    install: (...more: string[]) =>
      certificates(['install', ...paths, '--certbot-dir', dir, '--reload', `echo now >>${reloads}`, ...more]),
    reloads: async () => (await readFile(reloads, 'utf8').catch(() => '')).split('\n').length - 1,
    installed: async () => new X509Certificate(await readFile(certificate)).serialNumber,
  };
}

describe.skipIf(!openssl)('certificates.sh', () => {
  it.each(['--help', 'help'])('explains itself on %s', async (option) => {
    expect(await certificates([option])).toMatchObject({ code: 0, stdout: expect.stringContaining('usage: ') });
  });

  it.each<[string, string[], NodeJS.ProcessEnv?]>([
    ['say what to do', []],
    ["no command 'get'", ['get']],
    ["no option '--nonsense'", ['status', '--nonsense', '1']],
    ['lacks its value', ['status', '--days']],
    ['--days is a whole number', ['status', '--days', '1.5']],
    ['--every is a whole number', ['run', '--every', '0']],
    ['say which host', ['obtain']],
    ['PUBLIC_URL is the address', ['obtain'], { PUBLIC_URL: 'http://localhost:3000' }],
    ['PUBLIC_URL is the address', ['obtain'], { PUBLIC_URL: 'https://192.0.2.1' }],
    ['PUBLIC_URL is the address', ['obtain', '--public-url', 'https://a.example.org/x']],
    ['API_URL is the address', ['obtain', '--public-url', 'https://a.example.org', '--api-url', 'b']],
    ['belong in one folder', ['status', '--certificate', '/a/tls.crt', '--key', '/b/tls.key']],
    ['are two files', ['status', '--certificate', '/a/tls', '--key', '/a/tls']],
    ['letters, digits', ['status', '--certificate', "/a/'; true; '"]],
    ['path from the root', ['status', '--certificate', 'tls.crt']],
    ['--owner is', ['install', '--owner', '101 102']],
    ['--server is', ['obtain', '--server', 'http://ca.example.org']],
    ['leave --server', ['obtain', '--staging', '--server', 'https://ca.example.org']],
    ['--edge is', ['run', '--edge', 'edge:8080']],
  ])('refuses wrong usage: %s', async (why, args, env) => {
    expect(await certificates(args, env)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(why) });
  });

  it('says which program is missing', async () => {
    const bin = await mkdtemp(join(tmpdir(), 'lamplight-bin-'));
    for (const name of ['sh', 'dirname', 'sed', 'openssl']) await symlink(findProgram(name) ?? '', join(bin, name));
    const { code, stderr } = await certificates(['renew'], { PATH: bin });
    expect([code, stderr]).toEqual([1, 'certificates: certbot is not installed here (or not on the PATH).\n']);
  });
});

describe.skipIf(!openssl)('certificates.sh install', () => {
  it('puts the pair in place, its key for its owner alone, and reloads once however often it is called', async () => {
    const { issue, install, installed, reloads, key, certificate } = await prepare();
    const serial = await issue('one.test');
    for (let times = 0; times < 2; times += 1) expect(await install()).toMatchObject({ code: 0, stderr: '' });
    expect([await installed(), await reloads()]).toEqual([serial, 1]);
    expect([await modeOf(certificate), await modeOf(key)]).toEqual(['644', '600']);
  });

  it('replaces both at once, through one link, and keeps only the pair before', async () => {
    const { issue, install, installed, reloads, tls, certificate, key } = await prepare();
    for (const name of ['one.test', 'two.test', 'three.test']) {
      const serial = await issue(name);
      expect(await install()).toMatchObject({ code: 0 });
      expect(await installed()).toBe(serial);
    }
    expect([await readlink(certificate), await readlink(key)]).toEqual(['current/tls.crt', 'current/tls.key']);
    expect((await readdir(tls)).filter((name) => name.startsWith('pair.'))).toHaveLength(2);
    expect(await reloads()).toBe(3);
  });

  it('takes over files that someone put there before', async () => {
    const { issue, install, installed, tls, certificate, key } = await prepare();
    const own = await selfSigned(await mkdtemp(join(tmpdir(), 'lamplight-own-')), ['own.test']);
    await mkdir(tls);
    await copyFile(own.certificate, certificate);
    await copyFile(own.key, key);
    const serial = await issue('one.test');
    expect(await install()).toMatchObject({ code: 0 });
    expect(await installed()).toBe(serial);
    const before = (await readdir(tls)).filter((name) => name.startsWith('pair.'));
    const kept = await Promise.all(before.map((name) => readFile(join(tls, name, 'tls.crt'), 'utf8')));
    expect(kept).toContain(await readFile(own.certificate, 'utf8'));
  });

  it('lets the members of a group read the key where a group is given', async () => {
    const { issue, install, key } = await prepare();
    await issue('one.test');
    expect(await install('--owner', `${process.getuid?.()}:${process.getgid?.()}`)).toMatchObject({ code: 0 });
    expect(await modeOf(key)).toBe('640');
  });

  it.each([
    [
      'the key of another certificate',
      'is not the key of',
      async (lineage: string) => {
        const other = await selfSigned(lineage, ['other.test']);
        await copyFile(other.key, join(lineage, 'privkey.pem'));
      },
    ],
    [
      'a garbage certificate',
      'is no certificate',
      (lineage: string) => writeFile(join(lineage, 'fullchain.pem'), 'garbage'),
    ],
    ['an empty key', 'is no key', (lineage: string) => writeFile(join(lineage, 'privkey.pem'), '')],
    ['no key', 'there is no', (lineage: string) => rm(join(lineage, 'privkey.pem'))],
  ])('changes and reloads nothing for %s', async (_, why, spoil) => {
    const { issue, install, installed, reloads, lineage } = await prepare();
    const serial = await issue('one.test');
    await install();
    await issue('two.test');
    await spoil(lineage);
    expect(await install()).toMatchObject({ code: 1, stderr: expect.stringContaining(why) });
    expect([await installed(), await reloads()]).toEqual([serial, 1]);
  });

  it('says that the edge was not reloaded, as does status, and makes up for it with the next call', async () => {
    const { issue, install, status, reloads } = await prepare();
    await issue('one.test');
    await install();
    await issue('two.test');
    expect(await install('--reload', 'false')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not reloaded'),
    });
    expect(await status()).toMatchObject({ code: 1, stderr: expect.stringContaining('not reloaded') });
    expect(await install()).toMatchObject({ code: 0 });
    expect([await reloads(), (await status()).code]).toEqual([2, 0]);
  });

  it('says that it may not write', async () => {
    const { issue, install, tls } = await prepare();
    await issue('one.test');
    await writeFile(tls, 'a file where the folder should be');
    expect(await install()).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot make the folder') });
  });

  it('is not concerned with other certificates that certbot renewed', async () => {
    const { dir, certificate, key } = await prepare();
    const args = ['install', '--certificate', certificate, '--key', key, '--reload', 'false'];
    expect(await certificates(args, { RENEWED_LINEAGE: join(dir, 'live', 'mail') })).toMatchObject({ code: 0 });
  });
});

describe.skipIf(!openssl)('certificates.sh status', () => {
  it('prints names, issuer and days left', async () => {
    const { issue, install, status } = await prepare();
    await issue('one.test');
    await install();
    const { code, stdout } = await status('--public-url', 'https://one.test');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/names +one\.test\nissuer +CN=one\.test\n.*\ndays left +(29|30)\n/),
    ]);
  });

  it('fails where too few days are left, a name is missing, or there is nothing', async () => {
    const { issue, install, status } = await prepare();
    expect(await status()).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no') });
    await issue('one.test');
    await install();
    expect(await status('--days', '31')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('fewer than 31 days'),
    });
    const missing = await status('--public-url', 'https://one.test', '--api-url', 'https://two.test');
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('is not for two.test') });
  });
});
