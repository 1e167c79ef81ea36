import { writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { runSmoke } from '../smoke/run-smoke.ts';
import { Helm } from './helm.ts';
import type { ReleaseOptions, Verification } from './options.ts';
import {
  type Context,
  type Deployed,
  deploy,
  ReleaseFailed,
  type RolledBack,
  rollback,
  type Verified,
  verify,
} from './steps.ts';

/** What was done; of what failed its message. */
interface ReleaseReport {
  deployed?: Deployed;
  verified?: Verified;
  rolledBack?: RolledBack;
  problem?: string;
}

/** Does what is asked and writes its report, whatever comes of it; throws `ReleaseFailed` where it is not done. */
export async function runRelease(
  options: ReleaseOptions,
  print: (line: string) => void,
  smoke = runSmoke,
): Promise<void> {
  const report: ReleaseReport = {};
  try {
    const helm = await Helm.open(options.target);
    await act({ helm, target: options.target, print, smoke }, options, report);
  } catch (error) {
    report.problem = error instanceof Error ? error.message : String(error);
    throw error;
  } finally {
    if (options.report) writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`);
  }
}

async function act(context: Context, options: ReleaseOptions, report: ReleaseReport): Promise<void> {
  const { action, deployment, verification } = options;
  if (action === 'rollback') {
    report.rolledBack = await rollback(context, options.to);
    return;
  }
  if (action !== 'verify') report.deployed = await deploy(context, deployment);
  if (!verification) return;
  if (action === 'verify') report.verified = await verify(context, verification);
  else await verifyOrGoBack(context, verification, report);
}

/** What does not work, or cannot be looked at, does not stay, and is never called a success. */
async function verifyOrGoBack(context: Context, verification: Verification, report: ReleaseReport): Promise<void> {
  try {
    report.verified = await verify(context, verification);
  } catch (error) {
    const { revision, previous } = report.deployed ?? {};
    context.print(error instanceof ReleaseFailed ? error.message : inspect(error));
    if (previous === undefined) {
      throw new ReleaseFailed(
        `Revision ${revision} does not work. It is the first one: there is nothing to go back to.`,
        { cause: error },
      );
    }
    report.rolledBack = await rollback(context, previous);
    const [why] = String(error instanceof Error ? error.message : error).split('\n'); // the rest is printed above
    throw new ReleaseFailed(`Revision ${revision} did not work and was taken back: ${why}`, { cause: error });
  }
}
