import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { routesIn } from './routes.ts';
import { screens } from './screens.ts';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../../web/src', path), 'utf8');
/** A place with routes of its own, by where it lies. */
const administration = ['admin', read('features/administration/administration.tsx')] as const;

it('reads routes with those that they lie in', () => {
  const code = `const a = <Routes>
    <Route element={<A />}>
      <Route index element={null} />
      <Route path="b" element={<B />}><Route index element={null} /><Route path=":id" element={<C />} /></Route>
    </Route>
    <Route path="*" element={<D />} />
  </Routes>;`;
  expect(routesIn(code)).toEqual(['', 'b', 'b/:id', '*']);
});

it('has a screen for each route of the app, and none of a route that is gone', () => {
  const [place, code] = administration;
  const inPlace = routesIn(code).map((path) => [place, path].filter(Boolean).join('/'));
  const routes = [...routesIn(read('app.tsx')).filter((path) => path !== `${place}/*`), ...inPlace];
  expect(new Set(screens.map(({ route }) => route))).toEqual(new Set(routes));
});

it('gives each screen a name of its own', () => {
  const names = screens.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
