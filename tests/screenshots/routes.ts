import { parseSync } from 'vite';

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** The paths of all routes that a component declares as `<Route path="…">`, each with those that it lies in; '' is the index. */
export function routesIn(code: string): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown, above: string): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, above);
    else if (isNode(value)) {
      let inside = above;
      if (value.type === 'JSXElement') {
        const { name, attributes } = value['openingElement'] as {
          name: { name?: string };
          attributes: readonly Node[];
        };
        if (name.name === 'Route') {
          const attribute = (wanted: string) =>
            attributes.find((each) => (each['name'] as { name?: string } | undefined)?.name === wanted);
          const path = (attribute('path')?.['value'] as { value?: string } | undefined)?.value;
          inside = [above, path].filter(Boolean).join('/');
          const hasChildren = (value['children'] as readonly Node[]).some(({ type }) => type === 'JSXElement');
          if (attribute('index') || (path !== undefined && !hasChildren)) found.push(inside);
        }
      }
      for (const field of Object.values(value)) visit(field, inside);
    }
  };
  visit(parseSync('app.tsx', code).program, '');
  return found;
}
