// The health check of the server image: node deploy/health/main.ts. Asks this container's process whether it is ready; ends
// with 0 where it is, else with 1 and a line that says why.
import { askReadiness } from './ask-readiness.ts';

const { ready, reason } = await askReadiness({ port: process.env['OPS_PORT'] || '9464', timeoutMs: 4000 });
process.stdout.write(`${reason}\n`);
process.exitCode = ready ? 0 : 1;
