import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type EngineName, WrongUsage } from './options.ts';

const order: readonly EngineName[] = ['buildah', 'docker', 'podman'];

/** The first program on this PATH that builds images. Throws `WrongUsage`. */
export function findEngine(path: string): EngineName {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const found = order.find((name) => folders.some((folder) => isProgram(join(folder, name))));
  if (!found)
    throw new WrongUsage(`Nothing here builds images: install one of ${order.join(', ')}, or name it with --engine.`);
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
