import { readFile } from 'node:fs/promises';
import type { Cluster } from './cluster.ts';
import type { Images } from './images.ts';
import type { TestCertificate } from './test-certificate.ts';

const servers = ['mongodb', 'redis', 'model'];

/** A fresh namespace with what Lamplight stands on, and the Secrets that its chart is told of. */
export async function prepareNamespace(
  cluster: Cluster,
  { images, certificate }: { images: Images; certificate: TestCertificate },
): Promise<void> {
  await cluster.createNamespace();
  const manifest = await readFile('tests/kubernetes/servers.yaml', 'utf8');
  const filled = manifest.replaceAll('TEST_IMAGE', images.test).replaceAll('MONGO_IMAGE', images.mongo);
  await cluster.kubectl(['apply', '-f', '-'], { input: filled });
  const { certificate: cert, key } = certificate;
  await cluster.kubectl(['create', 'secret', 'tls', 'lamplight-edge', `--cert=${cert}`, `--key=${key}`]);
  const addresses = { mongodb: 'mongodb://mongodb:27017/lamplight', redis: 'redis://redis:6379' };
  const literals = Object.entries(addresses).map(([name, value]) => `--from-literal=${name}=${value}`);
  await cluster.kubectl(['create', 'secret', 'generic', 'lamplight-servers', ...literals]);
  for (const server of servers) await cluster.settled(server);
}
