import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrationStates } from '#platform/store/migration-state.ts';
import { collections } from './foundation.ts';

const services = resolve(import.meta.dirname, '..');
const isSpec = (value: unknown): value is { readonly name: string } =>
  typeof value === 'object' && value !== null && 'schema' in value && 'indexes' in value && 'version' in value;

/** What the modules of a folder declare, alone or in a table. */
async function declaredIn(folder: string): Promise<readonly string[]> {
  const files = await readdir(join(services, folder), { recursive: true });
  const sources = files.filter((file) => /(?<!\.(test|contract|fixture)|main)\.ts$/.test(file));
  const names: string[] = [];
  for (const file of sources) {
    const exported: Record<string, unknown> = await import(join(services, folder, file));
    for (const value of Object.values(exported)) {
      const values = typeof value === 'object' && value !== null ? [value, ...Object.values(value)] : [];
      names.push(...values.filter(isSpec).map(({ name }) => name));
    }
  }
  return names;
}

describe('the list of collections', () => {
  it('has every collection that is declared: what is not on it is neither prepared nor backed up', async () => {
    const declared = new Set(await declaredIn('domain'));
    expect(declared.size).toBeGreaterThan(4);
    expect(collections.map(({ name }) => name).toSorted()).toEqual([...declared].toSorted());
  });

  it('leaves out the state of migrations, which an archive has in its header', () => {
    expect(collections.map(({ name }) => name)).not.toContain(migrationStates.name);
  });
});
