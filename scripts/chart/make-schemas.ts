import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runProgram } from '#scripts/programs/run-program.ts';
import { convertOpenApi, convertResource } from './convert-schemas.ts';
import { cacheFolder } from './paths.ts';
import { kinds, kubernetesSource, kubernetesVersions, resourceSources, type Source } from './schema-sources.ts';

const downloaded = z.object({ Dir: z.string().optional(), Error: z.string().optional() });

/** The folder of a Go module, which Go fetches where it has not yet. */
async function moduleFolder({ module, version }: Source): Promise<string> {
  const { stdout, stderr } = await runProgram('go', ['mod', 'download', '-json', `${module}@${version}`], {
    cwd: tmpdir(),
  });
  const { Dir, Error: problem } = downloaded.parse(stdout.trim() === '' ? {} : JSON.parse(stdout));
  if (Dir === undefined || problem) throw new Error(`Go gave no ${module}@${version}: ${problem ?? stderr.trim()}`);
  return Dir;
}

/** What the schemas are made from: others are made where it changes. */
const fingerprint = (): string => JSON.stringify([kubernetesVersions, [...kinds], resourceSources]);

/**
 * The folder of the schemas: one folder for each version of Kubernetes, and `others`. They are made from the types of
 * Kubernetes itself and from the definitions of its extensions, once, and kept in node_modules/.cache.
 */
export async function makeSchemas(folder: string = cacheFolder): Promise<string> {
  const mark = join(folder, 'made-from.json');
  if (existsSync(mark) && (await readFile(mark, 'utf8')) === fingerprint()) return folder;
  const fresh = `${folder}.${process.pid}`;
  for (const version of kubernetesVersions) {
    const openApi = join(await moduleFolder(kubernetesSource(version)), 'api/openapi-spec/swagger.json');
    await writeAll(join(fresh, version), convertOpenApi(await readFile(openApi, 'utf8'), kinds));
  }
  for (const source of resourceSources) {
    const definition = join(await moduleFolder(source), source.file);
    await writeAll(join(fresh, 'others'), convertResource(await readFile(definition, 'utf8')));
  }
  await writeFile(join(fresh, 'made-from.json'), fingerprint());
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  return folder;
}

async function writeAll(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of files) await writeFile(join(folder, name), text);
}
