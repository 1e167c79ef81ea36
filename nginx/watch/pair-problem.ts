import { createPrivateKey, X509Certificate } from 'node:crypto';

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** What keeps Nginx from serving this certificate (PEM, its own first, then the chain) with this key; undefined where nothing does. */
export function pairProblem(certificate: string, key: string): string | undefined {
  const blocks = certificate.match(pemBlock) ?? [];
  if (blocks.length === 0) return 'the certificate file holds no certificate';
  if (blocks.length !== certificate.split('-----BEGIN').length - 1)
    return 'the certificate file holds something else, too';
  const [own] = blocks.map(readCertificate);
  if (!own || blocks.some((block) => !readCertificate(block))) return 'a certificate in the file is damaged';
  try {
    return own.checkPrivateKey(createPrivateKey(key)) ? undefined : 'the key belongs to another certificate';
  } catch {
    // What OpenSSL says about a key is nothing for a log.
    return 'the key file holds no key that can be used without a password';
  }
}

/** How the certificate ends, for the log: `valid until …`. */
export const validity = (certificate: string): string => `valid until ${readCertificate(certificate)?.validTo}`;

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
