import { spawn } from 'node:child_process';
import { projectNode, root } from '../prepare/project.mjs';
import { exitOf } from '../prepare/run.mjs';

/** Runs a load test of this project; false where it fails or a threshold is broken. Its output is its own. */
export async function runLoad(name: string, url: string): Promise<boolean> {
  const child = spawn(projectNode, ['scripts/load.ts', name, '--url', url], { cwd: root, stdio: 'inherit' });
  return (await exitOf(child)) === 0;
}
