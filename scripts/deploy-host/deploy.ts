import { mkdtemp, rm } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostOptions, unitsOf } from './options.ts';
import { HostError, openSession, type RemoteSession } from './remote-session.ts';
import { requireRoom, sendRelease } from './send-release.ts';
import { type Release, readStaged, stageRelease } from './stage-release.ts';

export interface Surroundings {
  /** The checkout. */
  readonly root: string;
  /** The Node that a release gets where the caller names none. */
  readonly node: string;
  readonly print: (line: string) => void;
}

/** Does what the options say; whether it was done. Throws `HostError` where the host is not fit for it. */
export async function runOnHost(options: HostOptions, surroundings: Surroundings): Promise<boolean> {
  if (options.action === 'stage') return stageOnly(options, surroundings);
  const changes = !options.dryRun && options.action !== 'status';
  if (options.action !== 'deploy') {
    return inSession(options, changes, surroundings, (session) => switchTo(session, options, surroundings));
  }
  return withRelease(options, surroundings, (release) =>
    inSession(options, changes, surroundings, (session) => deploy(session, release, options, surroundings)),
  );
}

async function stageOnly({ stage = '', node }: HostOptions, { root, print, ...rest }: Surroundings): Promise<boolean> {
  const { id } = await stageRelease({ root, to: stage, node: node ?? rest.node });
  print(`${stage} holds the release ${id}. Send it: deploy-host user@host --from ${stage}`);
  return true;
}

async function inSession(
  options: HostOptions,
  changes: boolean,
  { print }: Surroundings,
  work: (session: RemoteSession) => Promise<boolean>,
): Promise<boolean> {
  const session = await openSession(options, changes ? 'live' : 'look', print);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

async function withRelease(
  { from, node }: HostOptions,
  { root, print, ...rest }: Surroundings,
  work: (release: Release) => Promise<boolean>,
): Promise<boolean> {
  if (from !== undefined) return work(await readStaged(from));
  const folder = await mkdtemp(join(tmpdir(), 'lamplight-release-'));
  try {
    print('Putting the release together …');
    return await work(await stageRelease({ root, to: folder, node: node ?? rest.node }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function deploy(
  session: RemoteSession,
  release: Release,
  options: HostOptions,
  { print }: Surroundings,
): Promise<boolean> {
  const { facts } = session;
  const there = facts.releases.includes(release.id);
  if (options.node === undefined && options.from === undefined) requireSamePlatform(facts.platform, options.host);
  if (!there) await requireRoom(release, facts, options);
  if (options.dryRun) {
    print(`Runs on ${options.host} now: ${facts.current || 'no release'}`);
    print(`Would ${there ? 'find there' : 'send'} ${release.id} in ${options.dir}/releases`);
    if (!options.services.includes('standalone')) print('Would migrate by lamplight-migrate.service');
    print(`Would switch ${options.dir}/current and restart ${unitsOf(options.services).join(', ')}`);
    return true;
  }
  if (!there) {
    print(`Sending ${release.id} to ${options.host} …`);
    await sendRelease(release, options, facts);
  }
  print('Switching …');
  return lastWord(session.run(`deploy ${release.id}`), options);
}

async function switchTo(session: RemoteSession, options: HostOptions, { print }: Surroundings): Promise<boolean> {
  const { current, previous, releases } = session.facts;
  if (options.action === 'status') {
    for (const id of releases) {
      print(`${id}${id === current ? ' (current)' : id === previous ? ' (the one before)' : ''}`);
    }
    if (releases.length === 0) print(`There is no release in ${options.dir} on ${options.host}.`);
    return true;
  }
  const target = options.to ?? previous;
  if (target === '')
    throw new HostError(`There is no release before ${current || 'the first one'}; --status says what is there.`);
  if (!releases.includes(target))
    throw new HostError(`${target} is not on ${options.host}; --status says what is there.`);
  if (options.dryRun) {
    print(`Would switch from ${current} to ${target} and restart ${unitsOf(options.services).join(', ')}`);
    return true;
  }
  return lastWord(session.run(`switch ${target}`), options);
}

/** The host finishes what it began, whether we hear of it or not. */
async function lastWord(done: Promise<boolean>, { host }: HostOptions): Promise<boolean> {
  try {
    return await done;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HostError(`${why}\n${host} finishes the switch, or goes back, by itself: --status says how it ended.`, {
      cause: error,
    });
  }
}

const machines: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

function requireSamePlatform(found: string, host: string): void {
  const own = `${platform() === 'linux' ? 'Linux' : platform()} ${machines[arch()] ?? arch()}`;
  if (found === own) return;
  throw new HostError(
    `${host} is ${found}, this machine is ${own}: its Node would not run there. Name a Node 24 for ${found} by --node FILE.`,
  );
}
