import { parseArgs } from 'node:util';

export const help = `usage: npm run images -- [OPTION…] [-- ARGUMENT…]

Builds the images lamplight/server and lamplight/edge from deploy/, and prints their digests and sizes.

  --tag TAG          their tag; the version in package.json where absent
  --push REGISTRY    pushes them as REGISTRY/lamplight/server:TAG and REGISTRY/lamplight/edge:TAG; sign in there first
  --engine NAME      buildah, docker or podman; the first of these on the PATH where absent
  --only NAME        builds one of them: server or edge
  --allow-dirty      builds although git has changes that are not committed; the label of the revision says so
  --max-added MB     fails where an image is larger than its base image by more than that; 120
  --json             prints one JSON document instead of lines
  -- ARGUMENT…       goes on to the engine's build command, as does the environment variable BUILD_ARGS (split at spaces)

Exit codes: 0 done, 1 it failed, 2 wrong usage or a tree with changes.
`;

const engineNames = ['buildah', 'docker', 'podman'] as const;
export type EngineName = (typeof engineNames)[number];

const imageNames = ['server', 'edge'] as const;
export type ImageName = (typeof imageNames)[number];

export interface Options {
  readonly tag: string | undefined;
  readonly registry: string | undefined;
  readonly engine: EngineName | undefined;
  readonly images: readonly ImageName[];
  readonly allowDirty: boolean;
  readonly maxAddedMb: number;
  readonly json: boolean;
  readonly help: boolean;
  /** Handed to the engine's build command. */
  readonly buildArguments: readonly string[];
}

/** What the person who called can put right. */
export class WrongUsage extends Error {}

/** Throws `WrongUsage`. */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Options {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const values = parse(own);
  const maxAddedMb = Number(values['max-added'] ?? 120);
  if (!(maxAddedMb > 0)) throw new WrongUsage(`--max-added is a number of megabytes, not "${values['max-added']}".`);
  if (values.tag !== undefined && !/^\w[\w.-]{0,127}$/.test(values.tag)) {
    throw new WrongUsage(`--tag "${values.tag}" is no tag: letters, digits and _ . - alone, at most 128.`);
  }
  const registry = values.push?.replace(/\/+$/, '');
  if (registry !== undefined && !/^[\w.-]+(:\d+)?(\/[a-z0-9._-]+)*$/.test(registry)) {
    throw new WrongUsage(
      `--push "${values.push}" is no registry: write HOST or HOST/FOLDER, in small letters, without https://.`,
    );
  }
  const fromEnvironment = (env['BUILD_ARGS'] ?? '').split(/\s+/).filter((part) => part !== '');
  return {
    tag: values.tag,
    registry,
    engine: oneOf(engineNames, '--engine', values.engine),
    images: [oneOf(imageNames, '--only', values.only) ?? imageNames].flat(),
    allowDirty: values['allow-dirty'] === true,
    maxAddedMb,
    json: values.json === true,
    help: values.help === true,
    buildArguments: [...fromEnvironment, ...(end < 0 ? [] : args.slice(end + 1))],
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        tag: text,
        push: text,
        engine: text,
        only: text,
        'allow-dirty': flag,
        'max-added': text,
        json: flag,
        help: { ...flag, short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function oneOf<T extends string>(known: readonly T[], option: string, value: string | undefined): T | undefined {
  const found = known.find((name) => name === value);
  if (value !== undefined && !found) throw new WrongUsage(`${option} is ${known.join(' or ')}, not "${value}".`);
  return found;
}
