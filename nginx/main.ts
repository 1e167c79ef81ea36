// Renders the edge's Nginx configuration from environment variables: node nginx/main.ts --out DIR
import { X509Certificate } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readIfThere } from '#platform/config/read-if-there.ts';
import { renderEdge } from './render.ts';
import { EdgeSettingsError, readEdgeSettings } from './settings.ts';
import { edgeVariables } from './variables.ts';
import { writeFolder } from './write-folder.ts';

const wrongUsage = 2;
const wrongSettings = 78;

const help = `Renders the edge's Nginx configuration from environment variables.

  node nginx/main.ts --out DIR   writes nginx.conf and what it includes into DIR
  node nginx/main.ts --check     says whether the variables are right, and writes nothing

${Object.entries(edgeVariables)
  .map(([name, { default: value, description }]) => `  ${name}${value && `=${value}`}\n      ${description}`)
  .join('\n')}

Exit codes: 0 done, 2 wrong arguments, 78 wrong variables (all listed).
`;

/**
 * Before the first certificate came there is no file, and what comes then is looked at when this runs again. Whether one is
 * any good is for `nginx -t` to say, which sees it where it is used.
 */
function namesResponder(path: string): boolean {
  try {
    const text = readIfThere(path);
    return text !== '' && new X509Certificate(text).infoAccess?.includes('OCSP - URI:') === true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    console.error(`EDGE_CERTIFICATE: cannot be read as a certificate (${code}). No OCSP answers will be stapled.`);
    return false;
  }
}

async function main(args: readonly string[]): Promise<number> {
  let options: { out?: string; check?: boolean; help?: boolean };
  try {
    const known = { out: { type: 'string' }, check: { type: 'boolean' }, help: { type: 'boolean' } } as const;
    options = parseArgs({ args: [...args], options: known }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nnode nginx/main.ts --help says what there is.`);
    return wrongUsage;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  if ((options.out === undefined) === !options.check) {
    console.error('Say either --out DIR or --check. node nginx/main.ts --help says more.');
    return wrongUsage;
  }
  try {
    const settings = readEdgeSettings(process.env, { resolvConf: readIfThere('/etc/resolv.conf'), namesResponder });
    if (options.out !== undefined) await writeFolder(options.out, renderEdge(settings));
    return 0;
  } catch (error) {
    if (!(error instanceof EdgeSettingsError)) throw error;
    console.error(error.message);
    return wrongSettings;
  }
}

process.exitCode = await main(process.argv.slice(2));
