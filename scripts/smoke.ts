// npm run smoke -- URL [--help]: acts as one person on a Lamplight that runs, and says whether all of it works.
import { trustAlso } from './smoke/authorities.ts';
import { readOptions, UsageError, usage } from './smoke/options.ts';
import { printReport } from './smoke/report.ts';
import { runSmoke } from './smoke/run-smoke.ts';

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) process.stdout.write(`${usage}\n`);
  else {
    if (options.ca) trustAlso(options.ca);
    const report = await runSmoke(options);
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : printReport(report));
    if (!report.ok) process.exitCode = 1;
  }
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
