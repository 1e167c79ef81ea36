import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { UsageError } from './options.ts';

/** Makes this whole process trust the certificates of a PEM file beside those it trusts already: fetch and WebSocket both. */
export function trustAlso(file: string): void {
  const pem = read(file);
  const found = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  if (!found) throw new UsageError(`--ca ${file} holds no certificate in PEM form.`);
  try {
    setDefaultCACertificates([...getCACertificates('default'), ...found]);
  } catch (error) {
    throw new UsageError(`--ca ${file} holds a certificate that cannot be read.`, { cause: error });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca ${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
