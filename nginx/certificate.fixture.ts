import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { apiHost, mainHost } from './edge.fixture.ts';

/** A certificate for both hosts that signs itself. */
export async function makeCertificate(
  folder: string,
  more: readonly string[] = [],
): Promise<{ readonly cert: string; readonly key: string }> {
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const names = `subjectAltName=DNS:${mainHost},DNS:${apiHost}`;
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await promisify(execFile)('openssl', [
    ...args,
    '-subj',
    '/CN=edge',
    '-addext',
    names,
    ...more,
    '-keyout',
    key,
    '-out',
    cert,
  ]);
  await chmod(key, 0o644);
  return { cert, key };
}
