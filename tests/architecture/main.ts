// Says where the tree breaks a rule of its architecture; part of `npm run check`.
import { fileURLToPath } from 'node:url';
import { findViolations } from './find-violations.ts';

const violations = findViolations(fileURLToPath(new URL('../..', import.meta.url)));
for (const violation of violations) console.log(violation);
process.exitCode = violations.length > 0 ? 1 : 0;
