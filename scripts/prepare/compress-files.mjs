// Compresses what a build made, beside the originals, so that servers send it as it lies there.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Pictures and fonts are compressed already. */
const compressible = /\.(html|js|mjs|css|svg|json|map|txt|xml|webmanifest|wasm)$/;
/** Below this a response fits the first packets anyway. */
const smallest = 1024;

/** @param {Buffer} content */
const brotli = (content) =>
  promisify(brotliCompress)(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });

const variants = /** @type {const} */ ([
  ['.br', brotli],
  ['.gz', (/** @type {Buffer} */ content) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION })],
]);

/**
 * Writes `<file>.br` and `<file>.gz` beside each compressible file of more than 1 KiB below `folder`; not where that would
 * save nothing.
 * @param {string} folder
 */
export async function compressFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && compressible.test(entry.name));
  await Promise.all(files.map((entry) => compressFile(join(entry.parentPath, entry.name))));
}

/** @param {string} file */
async function compressFile(file) {
  const content = await readFile(file);
  if (content.length <= smallest) return;
  for (const [ending, compress] of variants) {
    const compressed = await compress(content);
    if (compressed.length < content.length) await writeFile(file + ending, compressed);
  }
}
