// npm run release -- deploy|verify|rollback|ship [--help]: brings a release to a cluster, looks whether it works, goes back.
import { readOptions, usage } from './release/options.ts';
import { runRelease } from './release/run-release.ts';
import { ReleaseFailed } from './release/steps.ts';
import { trustAlso } from './smoke/authorities.ts';
import { UsageError } from './smoke/options.ts';

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) process.stdout.write(`${usage}\n`);
  else {
    if (options.ca) trustAlso(options.ca);
    await runRelease(options, (line) => process.stdout.write(`${line}\n`));
  }
} catch (error) {
  const plain = error instanceof UsageError || error instanceof ReleaseFailed;
  console.error(plain ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
