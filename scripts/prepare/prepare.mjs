// What every script does first: packages installed and, where asked for, the web app built.
import { ensureWebBuilt } from './build-web.mjs';
import { ensureInstalled } from './install.mjs';

/** Ends the process with a message where it cannot be done. @param {{ web?: boolean }} [parts] */
export async function prepare({ web = false } = {}) {
  try {
    await ensureInstalled();
    if (web) await ensureWebBuilt();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
