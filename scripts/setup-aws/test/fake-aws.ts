// Stands where the `aws` program stands: keeps an account in the file that FAKE_AWS names, and answers as the real one does.
import { readFileSync, writeFileSync } from 'node:fs';
import { type Account, answer } from './fake-account.ts';

const file = process.env['FAKE_AWS'] ?? '';
const account: Account = JSON.parse(readFileSync(file, 'utf8'));
const { code, stdout, stderr } = answer(account, process.argv.slice(2));
writeFileSync(file, JSON.stringify(account));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
