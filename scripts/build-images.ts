// Builds the images of the server and the edge, for people and for CI: npm run images -- --help
import { fileURLToPath } from 'node:url';
import { buildImages, summary } from './build-images/build-images.ts';
import { engines } from './build-images/engines.ts';
import { findEngine } from './build-images/find-engine.ts';
import { help, readOptions, WrongUsage } from './build-images/options.ts';
import { readSource } from './build-images/read-source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args, process.env);
  if (options.help) {
    process.stdout.write(help);
    return;
  }
  const engine = engines[options.engine ?? findEngine(process.env['PATH'] ?? '')];
  const source = await readSource(root, options);
  const built = await buildImages(root, { options, engine, source });
  process.stdout.write(options.json ? `${JSON.stringify(built, undefined, 2)}\n` : summary(built));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}
