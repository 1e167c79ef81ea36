import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { selfSigned } from '#tests/servers/pebble.ts';
import { pairProblem, validity } from './pair-problem.ts';

const { openssl } = inject('programs');

describe.skipIf(!openssl)('pairProblem', () => {
  const pairs: { certificate: string; key: string; keyFile: string }[] = [];
  beforeAll(async () => {
    for (const name of ['one.test', 'two.test']) {
      const files = await selfSigned(mkdtempSync(join(tmpdir(), 'lamplight-pair-')), [name]);
      const [certificate, key] = [files.certificate, files.key].map((file) => readFileSync(file, 'utf8'));
      pairs.push({ certificate: certificate ?? '', key: key ?? '', keyFile: files.key });
    }
  });
  const [one, two] = [() => pairs[0] ?? expect.fail(), () => pairs[1] ?? expect.fail()];

  it('finds nothing wrong with a pair, with or without a chain', () => {
    expect(pairProblem(one().certificate, one().key)).toBeUndefined();
    expect(pairProblem(one().certificate + two().certificate, one().key)).toBeUndefined();
    expect(validity(one().certificate)).toMatch(/^valid until \w{3} +\d/);
  });

  it('wants the certificate’s own first, as Nginx does', () => {
    expect(pairProblem(two().certificate + one().certificate, one().key)).toMatch(/another certificate/);
  });

  it('refuses a key in the certificate’s file, which would be served to nobody but does not belong there', () => {
    expect(pairProblem(one().certificate + one().key, one().key)).toMatch(/something else/);
  });

  it('refuses a file that was cut off', () => {
    const { certificate, key } = one();
    expect(pairProblem(certificate.slice(0, 200), key)).toMatch(/no certificate/);
    expect(pairProblem(certificate + two().certificate.slice(0, 200), key)).toMatch(/something else/);
    expect(pairProblem(certificate, key.slice(0, 80))).toMatch(/no key/);
  });

  it('refuses a key with a password, for nobody is there to type it', () => {
    const locked = execFileSync(openssl ?? '', ['pkey', '-in', one().keyFile, '-aes256', '-passout', 'pass:secret']);
    expect(pairProblem(one().certificate, locked.toString())).toMatch(/without a password/);
  });
});
