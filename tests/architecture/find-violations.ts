import { isSource, listFiles, readSource, readText } from './import-graph.ts';
import { importRules } from './import-rules.ts';
import { findMachineTraces } from './text-rules.ts';

const isText = (text: string): boolean => !text.includes('\0');

/** Everything in the tree at `root` that breaks a rule of its architecture, a line each. */
export function findViolations(root: string): string[] {
  const paths = listFiles(root);
  const sources = paths.filter(isSource).map((path) => readSource(path, readText(root, path)));
  const texts = paths.map((path) => ({ path, text: readText(root, path) })).filter(({ text }) => isText(text));
  const broken = importRules.flatMap((rule) => rule(sources));
  return [...new Set([...broken, ...texts.flatMap(({ path, text }) => findMachineTraces(path, text))])];
}
