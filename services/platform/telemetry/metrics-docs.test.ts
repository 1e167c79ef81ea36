import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metricDefinitions } from './metric-definitions.ts';

const root = new URL('../../../', import.meta.url);
const texts = ['README.md', ...globSync('docs/*.md', { cwd: root })].map((path) =>
  readFileSync(new URL(path, root), 'utf8'),
);
const known = new Set<string>(Object.values(metricDefinitions).map(({ name }) => name));
/** A volume of Compose. */
const others = new Set(['lamplight_mongodb']);

describe('the docs', () => {
  it('name no metric that there is not', () => {
    const named = texts.flatMap((text) => text.match(/\b(?:lamplight|gen_ai)_[a-z_]+/g) ?? []);
    expect(new Set(named).size).toBeGreaterThan(10);
    expect(named.filter((name) => !known.has(name) && !others.has(name))).toEqual([]);
  });

  it('tell operators of every metric of stories and schedules', () => {
    const operating = readFileSync(new URL('docs/operating.md', root), 'utf8');
    const told = [...known].filter((name) => /_(?:story|schedule)_/.test(name));
    expect(told.length).toBeGreaterThan(3);
    for (const name of told) expect(operating).toContain(`\`${name}\``);
  });
});
