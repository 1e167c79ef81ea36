import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../check-images.ts', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamplight-check-images-'));
});

const program = (name: string, text: string) => writeFile(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
const noted = async () => (await readFile(join(folder, 'notes'), 'utf8')).trimEnd().split('\n');

const check = (args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const PATH = `${folder}${delimiter}${process.env['PATH']}`;
    execFile(process.execPath, [script, ...args], { env: { PATH, ...env } }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });

describe('scripts/check-images.ts', () => {
  it.each([[[]], [['--tags', 'x']]])('refuses %j and says what it takes', async (args) => {
    const { code, output } = await check(args);
    expect(code).toBe(2);
    expect(output).toContain('usage: node scripts/check-images.ts --tag TAG');
  });

  it('makes the images known, says what is wrong, and removes its namespace where pods do not start', async () => {
    await program('load', `echo "load $*" >>'${folder}/notes'`);
    await program(
      'kubectl',
      `cat >/dev/null\necho "$*" >>'${folder}/notes'\ncase "$*" in *wait*) echo 'timed out' >&2; exit 1 ;; esac`,
    );
    const { code, output } = await check(['--tag', '1.2.3'], { LOAD_IMAGES: 'load --quietly' });
    expect(code).toBe(1);
    expect(output).toContain('timed out');
    const calls = await noted();
    expect(calls[0]).toBe('load --quietly docker.io/lamplight/server:1.2.3 docker.io/lamplight/edge:1.2.3');
    expect(calls.at(-1)).toMatch(/^--namespace (check-images-\S+) delete namespace \1 /);
  });

  it('asks for pods that restricted namespaces take', async () => {
    await program('kubectl', `case "$*" in *apply*) cat >'${folder}/notes' ;; *) cat >/dev/null; exit 1 ;; esac`);
    await check(['--tag', 'x']);
    const { items } = JSON.parse((await noted()).join('\n'));
    const pods = items.filter(({ kind }: { kind: string }) => kind === 'Pod');
    expect(pods).toHaveLength(2);
    for (const { spec } of pods) {
      expect(spec).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
      for (const { securityContext } of [...spec.containers, ...(spec.initContainers ?? [])]) {
        expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
      }
    }
  });
});
