// Where this checkout is, and the Node that it brings along.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json: everything runs there, wherever it was called from. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The Node that runs `.ts` files: a development dependency, so that the system's Node may be older. */
export const projectNode = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
