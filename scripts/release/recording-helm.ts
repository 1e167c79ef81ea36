import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A program named helm that keeps a history as helm does and does as it is told; for tests without a cluster. */
export interface RecordingHelm {
  /** With it, and nothing else of the name, on the PATH. */
  readonly env: NodeJS.ProcessEnv;
  /** The arguments of each call but those that only ask. */
  calls(): Promise<string[][]>;
  history(): Promise<Array<{ revision: number; status: string; description: string }>>;
  /** `fails`: commands that fail. `revisions`: what there is already, by status. */
  set(state: { version?: string; fails?: readonly string[]; revisions?: readonly string[] }): Promise<void>;
}

const program = (file: string) => `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const state = JSON.parse(readFileSync(${JSON.stringify(file)}, 'utf8'));
const [command, ...args] = process.argv.slice(2);
const end = (code, text) => {
  writeFileSync(${JSON.stringify(file)}, JSON.stringify(state));
  (code === 0 ? process.stdout : process.stderr).write(text + '\\n');
  process.exit(code);
};
const push = (description) => {
  for (const each of state.history) if (each.status === 'deployed') each.status = 'superseded';
  state.history.push({ revision: state.history.length + 1, chart: 'a-1', status: 'deployed', description });
};
if (command === 'version') end(0, state.version);
if (command === 'history' && state.history.length === 0) end(1, 'Error: release: not found');
if (command === 'history') end(0, JSON.stringify(state.history));
state.calls.push([command, ...args]);
if (state.fails.includes(command)) end(1, 'Error: ' + command + ' cannot be done');
if (command === 'upgrade') push('Upgrade complete');
if (command === 'rollback') push('Rollback to ' + args[3]);
end(0, command + ' is done');
`;

export async function recordingHelm(): Promise<RecordingHelm> {
  const dir = await mkdtemp(join(tmpdir(), 'lamplight-helm-'));
  const [state, helm] = [join(dir, 'state.json'), join(dir, 'helm')];
  await writeFile(helm, program(state));
  await chmod(helm, 0o755);
  const read = async () => JSON.parse(await readFile(state, 'utf8'));
  const set: RecordingHelm['set'] = async ({ version = 'v4.3.1', fails = [], revisions = [] }) => {
    const history = revisions.map((status, index) => ({ revision: index + 1, chart: 'a-1', status, description: 'x' }));
    await writeFile(state, JSON.stringify({ version, fails, history, calls: [] }));
  };
  await set({});
  return {
    env: { ...process.env, PATH: [dir, process.env['PATH']].join(delimiter) },
    calls: async () => (await read()).calls,
    history: async () => (await read()).history,
    set,
  };
}
