import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { baseOf, buildImages, summary } from './build-images.ts';
import { type Engine, engines } from './engines.ts';
import { findEngine } from './find-engine.ts';
import { readOptions } from './options.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = { version: '1.2.3', revision: 'abc', created: '2026-01-02T03:04:05.000Z', url: '' };
const digest = `sha256:${'d'.repeat(64)}`;

/** An engine that notes what it is told; `added` bytes lie above each base image. */
function notedEngine(added: number) {
  const built: Parameters<Engine['build']>[0][] = [];
  const pushed: string[] = [];
  const engine: Engine = {
    name: 'buildah',
    build: async (request) => void built.push(request),
    size: async (image) => (image.includes('lamplight') ? 100e6 + added : 100e6),
    id: async () => 'sha256:id',
    push: async (image, target) => {
      pushed.push(`${image} ${target}`);
      return digest;
    },
  };
  return { engine, built, pushed };
}

describe('buildImages', () => {
  it('builds from the same Dockerfiles with labels of the source, measures, and pushes by digest', async () => {
    const { engine, built, pushed } = notedEngine(60e6);
    const options = readOptions(['--push', 'registry.example.org/team', '--', '--pull=never'], {});
    const images = await buildImages(root, { options, engine, source });
    expect(built.map(({ dockerfile, name }) => [dockerfile, name])).toEqual([
      ['deploy/Dockerfile', 'docker.io/lamplight/server:1.2.3'],
      ['deploy/edge.Dockerfile', 'docker.io/lamplight/edge:1.2.3'],
    ]);
    const values = { VERSION: '1.2.3', REVISION: 'abc', CREATED: '2026-01-02T03:04:05.000Z', SOURCE: '' };
    for (const request of built) expect(request).toMatchObject({ folder: root, extra: ['--pull=never'], values });
    expect(pushed[0]).toBe('docker.io/lamplight/server:1.2.3 registry.example.org/team/lamplight/server:1.2.3');
    expect(images[1]).toMatchObject({
      base: 'debian:bookworm-slim',
      addedBytes: 60e6,
      pushed: `registry.example.org/team/lamplight/edge@${digest}`,
    });
    expect(summary(images)).toContain('160.0 MB, 60.0 MB of it over node:24-bookworm-slim');
  });

  it('fails where an image adds more than it may, and pushes nothing', async () => {
    const { engine, pushed } = notedEngine(121e6);
    const options = readOptions(['--push', 'registry.example.org', '--tag', 'x'], {});
    await expect(buildImages(root, { options, engine, source })).rejects.toThrow(
      'docker.io/lamplight/server:x adds 121.0 MB to node:24-bookworm-slim; at most 120 MB are allowed',
    );
    expect(pushed).toEqual([]);
  });
});

it('finds the base of the last stage', () => {
  expect(baseOf('FROM a:1 AS b\nRUN x\nfrom c:2\nCOPY --from=b x y\n')).toBe('c:2');
  expect(() => baseOf('RUN x')).toThrow('no FROM');
});

describe('the engines', () => {
  const path = process.env['PATH'] ?? '';
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamplight-engine-'));
    process.env['PATH'] = `${folder}${delimiter}${path}`;
  });
  afterEach(() => {
    process.env['PATH'] = path;
  });

  /** A program of that name that notes its arguments and then runs `script`. */
  async function program(name: string, script: string): Promise<() => Promise<string[]>> {
    const notes = join(folder, 'notes');
    await writeFile(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "$*" >>'${notes}'\n${script}\n`);
    await chmod(join(folder, name), 0o755);
    return async () => (await readFile(notes, 'utf8')).trimEnd().split('\n');
  }
  const request = { folder: tmpdir(), dockerfile: 'D', name: 'n:1', values: { A: 'b c' }, extra: ['--x'] };

  it('keeps the health check with buildah and podman, whose own format drops it', async () => {
    for (const name of ['buildah', 'podman'] as const) {
      const notes = await program(name, 'exit 0');
      await engines[name].build(request);
      expect((await notes()).at(-1)).toBe('build --layers --format docker --file D --tag n:1 --build-arg A=b c --x .');
    }
  });

  it('builds with docker', async () => {
    const notes = await program('docker', 'exit 0');
    await engines.docker.build(request);
    expect(await notes()).toEqual(['build --file D --tag n:1 --build-arg A=b c --x .']);
  });

  it('pulls with docker a base image that only its builder has, to measure it', async () => {
    const notes = await program('docker', `[ "$2" != inspect ] || printf '[{"Id":"i","Size":42}]'`);
    expect(await engines.docker.size('n:1')).toBe(42);
    expect(await notes()).toEqual(['image ls --quiet n:1', 'pull --quiet n:1', 'image inspect n:1']);
  });

  it('takes the digest that was pushed', async () => {
    await program('buildah', `[ "$1" = push ] && printf '${digest}\\n' >"$3"`);
    expect(await engines.buildah.push('n:1', 'r.example.org/n:1')).toBe(digest);
    await program(
      'docker',
      `[ "$1" != image ] || printf '[{"Id":"i","Size":1,"RepoDigests":["x/n@sha256:0","r.example.org/n@${digest}"]}]'`,
    );
    expect(await engines.docker.push('n:1', 'r.example.org/n:1')).toBe(digest);
  });

  it('says what the program said where it fails', async () => {
    await program('buildah', 'echo "no such image" >&2; exit 125');
    await expect(engines.buildah.size('n:1')).rejects.toThrow(/^buildah inspect .* ended with 125:\nno such image$/);
    await expect(engines.buildah.build(request)).rejects.toThrow(/ended with 125/);
  });

  it('finds the first that is there', async () => {
    expect(() => findEngine(folder)).toThrow('Nothing here builds images');
    await program('podman', '');
    expect(findEngine(folder)).toBe('podman');
    await program('docker', '');
    expect(findEngine(folder)).toBe('docker');
  });
});
