// node scripts/smoke-start.ts: what a newcomer does, on any system: `npm start`, a message to the demo model, the end.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare/prepare.mjs';
import { printReport } from './smoke/report.ts';
import { startAndSmoke } from './smoke/start-and-smoke.ts';

const dir = mkdtempSync(join(tmpdir(), 'lamplight-start-'));
try {
  await prepare({ web: true });
  const { report, ended } = await startAndSmoke(dir);
  process.stdout.write(`${printReport(report)}npm start ended with ${ended}.\n`);
  if (!report.ok) process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
