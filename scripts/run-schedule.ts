// npm run story -- --schedule ID: has a schedule's story written now, by a Lamplight that runs (LAMPLIGHT_URL), with an API key (LAMPLIGHT_KEY).
import { runSchedule, UsageError, usage } from './run-schedule/run-schedule.ts';

try {
  const told = await runSchedule(process.argv.slice(2), process.env);
  process.stdout.write(`${told ?? usage}\n`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
