import { describe, expect, it } from 'vitest';
import { readOptions, WrongUsage } from './options.ts';

describe('readOptions', () => {
  it('builds both images, with a limit, where nothing is said', () => {
    expect(readOptions([], {})).toMatchObject({ images: ['server', 'edge'], maxAddedMb: 120, buildArguments: [] });
  });

  it('hands on what stands in BUILD_ARGS and behind --', () => {
    const { buildArguments, images } = readOptions(['--only', 'edge', '--', '--no-cache'], {
      BUILD_ARGS: ' --pull=never  --isolation chroot ',
    });
    expect(buildArguments).toEqual(['--pull=never', '--isolation', 'chroot', '--no-cache']);
    expect(images).toEqual(['edge']);
  });

  it('takes a registry with a port or a folder', () => {
    expect(readOptions(['--push', 'registry.example.org:5000/team/'], {}).registry).toBe(
      'registry.example.org:5000/team',
    );
  });

  it.each([
    [['--tag', 'a b'], '--tag "a b" is no tag'],
    [['--tag', '-x'], /--tag/],
    [['--push', 'https://registry.example.org'], '--push "https://registry.example.org" is no registry'],
    [['--engine', 'kaniko'], '--engine is buildah or docker or podman'],
    [['--only', 'worker'], '--only is server or edge'],
    [['--max-added', 'much'], '--max-added is a number'],
    [['--max-added', '-5'], /--max-added/],
    [['--fast'], "Unknown option '--fast'"],
    [['server'], /Unexpected argument 'server'/],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args, {})).toThrow(WrongUsage);
    expect(() => readOptions(args, {})).toThrow(message);
  });
});
