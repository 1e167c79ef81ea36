import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

/** Files of `public/` that the page needs where there is no network. */
const publicFiles = ['theme.js', 'start.js', 'favicon.svg', 'manifest.webmanifest', 'icons/icon-192.png'];

/** What the service worker keeps: a file without a hash in its name gets a revision, by which it is known to be new. */
async function listShell(folder: string, built: readonly string[]): Promise<object[]> {
  const hashed = built.filter((name) => /^assets\/.+\.(js|css)$/.test(name));
  const others = ['index.html', ...publicFiles].map(async (name) => {
    const content = await readFile(join(folder, name));
    return { url: `/${name}`, revision: createHash('sha256').update(content).digest('hex').slice(0, 16) };
  });
  return [...hashed.sort().map((name) => ({ url: `/${name}`, revision: null })), ...(await Promise.all(others))];
}

/** Builds `sw.js` beside the page, with the list of the page's files in it. */
export const serviceWorker: Plugin = {
  name: 'service-worker',
  apply: 'build',
  writeBundle: {
    order: 'post',
    sequential: true,
    async handler({ dir = 'dist' }, bundle) {
      const shellFiles = await listShell(dir, Object.keys(bundle));
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        define: {
          'process.env.NODE_ENV': '"production"',
          shellFiles: JSON.stringify(shellFiles),
        },
        build: {
          outDir: dir,
          emptyOutDir: false,
          target: 'es2023',
          rolldownOptions: {
            input: join(import.meta.dirname, 'service-worker/sw.ts'),
            output: { format: 'iife', entryFileNames: 'sw.js' },
          },
        },
      });
    },
  },
};
