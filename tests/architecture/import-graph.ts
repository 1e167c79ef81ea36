import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'vite';
import packageJson from '../../package.json' with { type: 'json' };

/** One import, re-export or dynamic import of a file. */
interface Import {
  /** A path from the root of the tree, or the name of a package (`zod`, `node:fs`). */
  readonly to: string;
  readonly dynamic: boolean;
}

/** A source file, by what the rules need to know of it. */
export interface SourceFile {
  /** From the root of the tree, with `/`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly readsEnvironment: boolean;
}

/** `['#contract/', 'services/contract/']`, as package.json has them. */
const aliases = Object.entries(packageJson.imports).map(
  ([name, target]) => [name.replace('*', ''), target.replace(/^\.\//, '').replace('*', '')] as const,
);

function resolveImport(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier)).replaceAll('\\', '/');
  const alias = aliases.find(([prefix]) => specifier.startsWith(prefix));
  return alias ? alias[1] + specifier.slice(alias[0].length) : specifier;
}

type Parsed = ReturnType<typeof parseSync>;

function importsOf(path: string, parsed: Parsed, text: string): Import[] {
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const exported = staticExports.flatMap((statement) => statement.entries.map((entry) => entry.moduleRequest?.value));
  const fixed = [...staticImports.map((statement) => statement.moduleRequest.value), ...exported];
  const dynamic = dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start, end));
  return [
    ...fixed.filter((to) => to !== undefined).map((to) => ({ to: resolveImport(path, to), dynamic: false })),
    ...dynamic.map((literal) => ({
      to: resolveImport(path, literal.replace(/^['"`](.*)['"`]$/, '$1')),
      dynamic: true,
    })),
  ];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isNamed = (node: unknown, name: string): boolean =>
  isRecord(node) && (node['name'] === name || node['value'] === name);

/** `process.env`, `process['env']`, `const { env } = process`, `import { env } from 'node:process'`. */
function readsEnvironment(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(readsEnvironment);
  if (!isRecord(node)) return false;
  const { type } = node;
  if (type === 'MemberExpression' && isNamed(node['object'], 'process') && isNamed(node['property'], 'env'))
    return true;
  if (type === 'VariableDeclarator' && isNamed(node['init'], 'process')) return true;
  if (type === 'ImportDeclaration' && isRecord(node['source'])) {
    const from = node['source']['value'];
    if (from === 'node:process' || from === 'process') return true;
  }
  return Object.values(node).some(readsEnvironment);
}

/** Reads one file. Throws where it is not TypeScript or JavaScript that parses. */
export function readSource(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text);
  const error = parsed.errors[0];
  if (error) throw new Error(`${path} does not parse: ${error.message}`);
  return {
    path,
    lines: text.split('\n').length - 1,
    imports: importsOf(path, parsed, text),
    readsEnvironment: text.includes('env') && readsEnvironment(parsed.program),
  };
}

const generated = new Set(['node_modules', 'dist', 'coverage', 'data', '.git', '.cache', 'bench-results']);

/** Every file of the tree below `folder`, from `root`, with `/`; without what is generated or kept out of version control. */
export function listFiles(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (generated.has(entry.name) || entry.name === '.env' || entry.name.endsWith('.log')) return [];
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    return entry.isDirectory() ? listFiles(root, path) : [path];
  });
}

export const isSource = (path: string): boolean => /\.(ts|tsx|mjs)$/.test(path);

export const readText = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');
