import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './run-command.ts';

/** The options of a command line, without anything that is no option. Throws `UsageError`, which ends with the usage. */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${usage}`, { cause: error });
  }
}
