// npm run load -- smoke --url https://chat.example.org: people who chat, by k6; see docs/load-tests.md and --help.
import { readCommand, UsageError, usage } from './load/runner/command.ts';
import { findK6 } from './load/runner/find-k6.ts';
import { runLoad } from './load/runner/run-load.ts';

try {
  const command = readCommand(process.argv.slice(2));
  if (!command) process.stdout.write(usage());
  else process.exitCode = await runLoad(command, findK6(process.env['PATH'] ?? ''));
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? error.message : error);
  process.exitCode = isUsage ? 2 : 1;
}
