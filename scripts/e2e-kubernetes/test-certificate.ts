import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrThrow } from '#scripts/programs/run-program.ts';

/** Paths of PEM files. */
export interface TestCertificate {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for these names, signed by an authority that exists for this alone; both end after two days. */
export async function makeTestCertificate(names: readonly string[]): Promise<TestCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'lamplight-ca-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => runOrThrow('openssl', args);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = ['-subj', '/CN=Lamplight test authority', '-keyout', file('ca.key'), '-out', file('ca.crt')];
  await openssl('req', '-x509', ...curve, '-days', '2', ...authority);
  const request = ['-subj', `/CN=${names[0]}`, '-keyout', file('tls.key'), '-out', file('tls.csr')];
  await openssl('req', ...curve, ...request);
  await writeFile(file('names'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`);
  const signed = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('names')];
  await openssl('x509', '-req', '-days', '2', '-in', file('tls.csr'), ...signed, '-out', file('tls.crt'));
  return { authority: file('ca.crt'), certificate: file('tls.crt'), key: file('tls.key') };
}
