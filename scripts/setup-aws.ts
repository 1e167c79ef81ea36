// npm run setup-aws -- --region REGION --subnets LIST [--help]: makes on AWS what Lamplight's chart needs, and deletes nothing.
import { AwsError, openAws, runProgram } from './setup-aws/aws.ts';
import { readOptions, UsageError, usage } from './setup-aws/options.ts';
import { setUp } from './setup-aws/set-up.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const options = readOptions(process.argv.slice(2));
  if (!options) print(usage);
  else {
    const { region, dryRun, waitMinutes } = options;
    const everyMs = Number(process.env['SETUP_AWS_POLL_SECONDS'] ?? 15) * 1000;
    const aws = openAws({ region, dryRun, waitMs: waitMinutes * 60_000, everyMs, print, run: runProgram });
    const next = await setUp(aws, options);
    const count = aws.changes();
    print(dryRun ? `${count} changes would be made.` : `${count} changes were made.`);
    if (!dryRun) print(next);
  }
} catch (error) {
  const plain = error instanceof UsageError || error instanceof AwsError;
  console.error(plain ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
