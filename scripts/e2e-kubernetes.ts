// npm run test:kubernetes: installs Lamplight on the cluster that KUBECONFIG names, then upgrades, breaks and scales it while
// people chat through its edge, and holds each of their answers against what is stored. --help tells more.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { goThroughAccounts } from './e2e-kubernetes/accounts.ts';
import { Cluster } from './e2e-kubernetes/cluster.ts';
import { EdgeClient } from './e2e-kubernetes/edge-client.ts';
import { type Event, events, longEvents } from './e2e-kubernetes/events.ts';
import { ImageBuilder } from './e2e-kubernetes/images.ts';
import { prepareNamespace } from './e2e-kubernetes/install.ts';
import { goThroughJourneys } from './e2e-kubernetes/journeys.ts';
import { People } from './e2e-kubernetes/people.ts';
import { Release } from './e2e-kubernetes/release.ts';
import { breaches, type Chapter, table } from './e2e-kubernetes/report.ts';
import { makeTestCertificate } from './e2e-kubernetes/test-certificate.ts';
import { describeTrouble } from './e2e-kubernetes/trouble.ts';

const help = `usage: npm run test:kubernetes -- [OPTION…]

Takes helm, kubectl, k6, openssl, buildah and a browser from the PATH, and a cluster from KUBECONFIG.

  --people N        how many people chat (60)
  --only TEXT       only what has TEXT in its name; accounts: nothing after people and limits
  --long            also what takes longer: pods killed without notice
  --namespace NAME  is created, and removed at the end (lamplight-e2e)
  --keep            leaves it in place
  --json FILE       writes what was counted

From the environment:
  LOAD_IMAGES       a command that makes local images known to the cluster, called with their names
  BUILD_ARGS        further options of the image builder, split at spaces
  MONGO_IMAGE       an image with a MongoDB-wire test server (localhost/mongo-test-server:1)

Exit codes: 0 all holds, 1 something does not, 2 wrong usage.
`;

const hosts = ['chat.lamplight.test', 'api.lamplight.test'];

const read = () => {
  try {
    return parseArgs({
      options: {
        people: { type: 'string', default: '60' },
        only: { type: 'string', default: '' },
        long: { type: 'boolean', default: false },
        namespace: { type: 'string', default: 'lamplight-e2e' },
        keep: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`);
    process.exit(2);
  }
};
const options = read();
if (options.help) {
  process.stdout.write(help);
  process.exit(0);
}

const started = performance.now();
const secondsSince = (from: number) => (performance.now() - from) / 1000;
const say = (line: string) => console.log(`${secondsSince(started).toFixed(0).padStart(5)} s  ${line}`);
const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());

const cluster = new Cluster(options.namespace, abort.signal);
const buildArguments = (process.env['BUILD_ARGS'] ?? '').split(' ').filter((word) => word !== '');
const builder = new ImageBuilder({ load: process.env['LOAD_IMAGES'], buildArguments });
const release = new Release(cluster, {
  chart: 'helm/lamplight',
  valuesFile: 'tests/kubernetes/values.yaml',
  tag: 'old',
});
const results = await mkdtemp(join(tmpdir(), 'lamplight-kubernetes-'));

/** What happens, while people chat before, during and after it. */
async function chapter(event: Event, where: { url: string; resolve: string[]; authority: string }): Promise<Chapter> {
  // The stand-in for MongoDB reads whole collections, and so gets slower with each answer that it holds.
  await cluster.kubectl(['exec', 'deploy/mongodb', '-c', 'guard', '--', 'node', 'tests/kubernetes/empty.ts']);
  say(`${event.name}: people come`);
  const people = People.start(Number(options.people), {
    ...where,
    out: join(results, event.name.replaceAll(' ', '-')),
  });
  try {
    await people.underWay();
    const from = performance.now();
    await event.happen({ cluster, release, say });
    const seconds = secondsSince(from);
    await people.goOn(Math.ceil(Number(options.people) / 2));
    return { name: event.name, seconds, outcome: await people.end() };
  } catch (error) {
    console.log(`${await people.lately()}\n\n${await describeTrouble(cluster, release.label)}`);
    await people.kill();
    throw error;
  }
}

async function main(): Promise<number> {
  const images = { test: 'lamplight/test:old', mongo: process.env['MONGO_IMAGE'] ?? 'localhost/mongo-test-server:1' };
  await builder.buildRelease('old');
  await builder.buildOnTop('lamplight/server:old', {
    ...{ name: images.test, folder: 'tests', file: 'tests/kubernetes/Dockerfile' },
  });
  await builder.load(['redis:7-bookworm', images.mongo]);
  say('images are built');
  const certificate = await makeTestCertificate(hosts);
  await prepareNamespace(cluster, { images, certificate });
  await release.upgrade();
  await release.test();
  const address = await cluster.address(release.deployment('edge'));
  const url = `https://${hosts[0]}`;
  say(`installed, two of each, at ${address}; helm test passed`);
  const journeys = await goThroughJourneys({ url, hosts, address, certificate: certificate.certificate });
  say(`${journeys} journeys in a browser passed`);

  const releaseSeconds = { build: 0, upgrade: 0 };
  const authority = await readFile(certificate.authority, 'utf8');
  const edge = new EdgeClient({ host: hosts[0] ?? '', address, authority });
  const accountsFrom = performance.now();
  const accounts = await goThroughAccounts({ cluster, release, edge, say });
  say(`${accounts} checks of people and limits passed in ${secondsSince(accountsFrom).toFixed(0)} s`);
  if (options.only === 'accounts') return await finish(accounts);

  const from = performance.now();
  await builder.buildRelease('new');
  releaseSeconds.build = secondsSince(from);
  await builder.buildOnTop('lamplight/server:new', {
    ...{ name: 'lamplight/server:broken', folder: 'tests/kubernetes', file: 'tests/kubernetes/broken.Dockerfile' },
  });
  say('images of the next release are built');

  const chosen = (options.long ? longEvents : events).filter(({ name }) => name.includes(options.only));
  const resolve = hosts.map((host) => `${host}=${address}`);
  const chapters: Chapter[] = [];
  for (const event of chosen) {
    chapters.push(await chapter(event, { url, resolve, authority: certificate.authority }));
    if (event === events[0]) releaseSeconds.upgrade = chapters.at(-1)?.seconds ?? 0;
  }
  const wrong = chapters.flatMap(breaches);
  const { build, upgrade } = releaseSeconds;
  console.log(`\n${table(chapters)}\n`);
  if (upgrade > 0) {
    const parts = `${build.toFixed(0)} s to build its images and hand them over, ${upgrade.toFixed(0)} s to roll it out`;
    console.log(`From a commit to its running release: ${(build + upgrade).toFixed(0)} s (${parts}).`);
  }
  for (const line of wrong) console.log(`BREACH ${line}`);
  if (options.json) await writeFile(options.json, `${JSON.stringify({ chapters, releaseSeconds, wrong }, null, 2)}\n`);
  const kept = chapters.filter((each) => breaches(each).length === 0).length;
  return finish(accounts + kept, chapters.length === 0 ? 1 : chapters.length - kept);
}

async function finish(passed: number, failed = 0): Promise<number> {
  if (!options.keep) await cluster.removeNamespace();
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error);
  console.log(`Results: ${results}\n\n0 passed, 1 failed`);
  process.exitCode = 1;
}
