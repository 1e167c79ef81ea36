import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const read = (name: string) => readFile(new URL(name, import.meta.url), 'utf8');
/** A stage with its continued lines joined, without its comments. */
const stagesOf = (text: string): string[] =>
  text
    .replace(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split(/^(?=FROM )/m)
    .slice(1);
const lastOf = (stages: readonly string[]): string => stages.at(-1) ?? '';
const instruction = (stage: string, word: string): string | undefined =>
  new RegExp(`^${word} (.*)$`, 'm').exec(stage)?.[1];

describe.each([
  ['Dockerfile', '1000:1000', 'SIGTERM'],
  ['edge.Dockerfile', '101:101', 'SIGQUIT'],
])('deploy/%s', (name, user, signal) => {
  it('runs without root, stops by the signal that its program takes, and needs no shell', async () => {
    const stage = lastOf(stagesOf(await read(name)));
    expect(instruction(stage, 'USER')).toBe(user);
    expect(instruction(stage, 'STOPSIGNAL')).toBe(signal);
    for (const form of [instruction(stage, 'CMD'), instruction(stage, 'HEALTHCHECK')?.replace(/^.*? CMD /, '')]) {
      expect(JSON.parse(form ?? '')).toEqual(expect.arrayContaining([expect.any(String)]));
    }
  });

  it('says what it is and where it came from', async () => {
    const stage = lastOf(stagesOf(await read(name)));
    for (const label of ['version', 'revision', 'source', 'created']) {
      expect(stage).toContain(`org.opencontainers.image.${label}="$${label.toUpperCase()}"`);
      expect(stage).toMatch(new RegExp(`^ARG ${label.toUpperCase()}=`, 'm'));
    }
  });

  it('has the labels after everything else that takes time, so that another commit finds its layers made', async () => {
    const stage = lastOf(stagesOf(await read(name)));
    expect(stage.search(/^ARG VERSION/m)).toBeGreaterThan(
      Math.max(stage.lastIndexOf('\nRUN '), stage.lastIndexOf('\nCOPY ')),
    );
  });
});

it('builds the web app by the same lines in both, so that the second build finds it made', async () => {
  const [server, edge] = await Promise.all(
    ['Dockerfile', 'edge.Dockerfile'].map(async (name) => stagesOf(await read(name))[0]),
  );
  expect(server).toContain('AS web');
  expect(edge?.trim()).toBe(server?.trim());
});
