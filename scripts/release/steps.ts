import { printReport, type SmokeReport } from '../smoke/report.ts';
import type { runSmoke } from '../smoke/run-smoke.ts';
import { commitTime } from './commit-time.ts';
import { type Helm, HelmFailed } from './helm.ts';
import { lastGood, pending, running } from './history.ts';
import { imageArguments } from './images.ts';
import type { Deployment, Target, Verification } from './options.ts';
import { runLoad } from './run-load.ts';

/** The release is not as it should be; the message says how it is. */
export class ReleaseFailed extends Error {}

export interface Context {
  readonly helm: Helm;
  readonly target: Target;
  readonly print: (line: string) => void;
  readonly smoke: typeof runSmoke;
}

export interface Deployed {
  readonly revision: number;
  /** What ran before; absent at the first install. */
  readonly previous: number | undefined;
  readonly seconds: number;
  readonly secondsSinceCommit: number | undefined;
}

export async function deploy({ helm, target, print }: Context, deployment: Deployment): Promise<Deployed> {
  const committed = deployment.commit === undefined ? undefined : await commitTime(deployment.commit);
  const before = await helm.history();
  const stuck = pending(before);
  if (stuck) throw new ReleaseFailed(stuckMessage(target, stuck.revision, running(before)?.revision));
  const previous = running(before)?.revision;
  print(
    `Deploying ${target.release} to ${target.namespace}; ${previous ? `revision ${previous} runs now` : 'nothing runs yet'}.`,
  );
  const start = performance.now();
  await helm.upgrade(deployment.chart, upgradeArguments(deployment)).catch(async (error) => {
    throw await withWhatRuns(error, helm);
  });
  const revision = running(await helm.history())?.revision;
  if (revision === undefined) throw new ReleaseFailed('helm succeeded, and yet calls no revision deployed.');
  const seconds = round((performance.now() - start) / 1000);
  const secondsSinceCommit = committed && round((Date.now() - committed.getTime()) / 1000);
  print(`Revision ${revision} is ready after ${seconds} s.`);
  if (secondsSinceCommit !== undefined) print(`From its commit to the running release: ${secondsSinceCommit} s.`);
  return { revision, previous, seconds, secondsSinceCommit };
}

const round = (value: number): number => Math.round(value * 10) / 10;

function upgradeArguments({ values, set, server, edge, createNamespace }: Deployment): string[] {
  return [
    ...(createNamespace ? ['--create-namespace'] : []),
    ...values.flatMap((file) => ['--values', file]),
    ...imageArguments('image', server),
    ...imageArguments('edge.image', edge),
    ...set.flatMap((each) => ['--set', each]),
  ];
}

const stuckMessage = ({ release, namespace }: Target, revision: number, good: number | undefined): string =>
  [
    `Revision ${revision} is unfinished: helm works on it now, or was ended in the middle of it.`,
    'If no other release is under way, clear it by hand, then try again:',
    good === undefined
      ? `  helm uninstall ${release} --namespace ${namespace}`
      : `  helm rollback ${release} ${good} --namespace ${namespace} --wait`,
  ].join('\n');

/** What helm says, and what it left running. */
async function withWhatRuns(error: unknown, helm: Helm): Promise<unknown> {
  if (!(error instanceof HelmFailed)) return error;
  const now = running(await helm.history());
  const left = now ? `Revision ${now.revision} (${now.description}) runs now.` : 'Nothing of it is installed now.';
  return new ReleaseFailed(`${error.message}\nThe release was not made. ${left}`);
}

export interface Verified {
  readonly smoke: SmokeReport;
  readonly load: 'passed' | 'not asked for';
}

/** helm's own test, one person's visit, and a load test where one is asked for. */
export async function verify(context: Context, { smoke, load }: Verification): Promise<Verified> {
  const { helm, print } = context;
  try {
    print(await helm.test());
  } catch (error) {
    if (error instanceof HelmFailed) throw new ReleaseFailed(error.message);
    throw error;
  }
  const report = await context.smoke(smoke);
  print(printReport(report).trimEnd());
  if (!report.ok) throw new ReleaseFailed(`The checks at ${smoke.url} failed.`);
  if (load === undefined) return { smoke: report, load: 'not asked for' };
  if (!(await runLoad(load, smoke.url))) throw new ReleaseFailed(`The load test "${load}" at ${smoke.url} failed.`);
  return { smoke: report, load: 'passed' };
}

export interface RolledBack {
  readonly from: number | undefined;
  /** The revision whose copy runs now. */
  readonly to: number;
  readonly revision: number | undefined;
}

/** To `to`, or to the last good revision before the one that runs. */
export async function rollback({ helm, print }: Context, to: number | undefined): Promise<RolledBack> {
  const history = await helm.history();
  const from = running(history)?.revision;
  const target = to ?? lastGood(history)?.revision;
  if (target === undefined) {
    throw new ReleaseFailed('There is no good revision to go back to; `helm history` shows all, and --to names one.');
  }
  print(`Rolling back${from === undefined ? '' : ` from revision ${from}`} to revision ${target}.`);
  await helm.rollback(target).catch(async (error) => {
    throw await withWhatRuns(error, helm);
  });
  const revision = running(await helm.history())?.revision;
  print(`Revision ${revision}, a copy of ${target}, runs now.`);
  return { from, to: target, revision };
}
