import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const first = (name: string): number => (name === 'nginx.conf' ? 1 : 0);

/**
 * Writes the files into `folder`, each whole or not at all, and `nginx.conf` after those that it includes; a `.conf` that is
 * not among them is removed. The folder itself stays, since it may be a volume.
 */
export async function writeFolder(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of [...files].sort(([a], [b]) => first(a) - first(b))) {
    const temporary = join(folder, `.${name}.${process.pid}`);
    await writeFile(temporary, text, { mode: 0o644 });
    await rename(temporary, join(folder, name));
  }
  for (const name of await readdir(folder)) {
    if (name.endsWith('.conf') && !files.has(name)) await rm(join(folder, name));
  }
}
