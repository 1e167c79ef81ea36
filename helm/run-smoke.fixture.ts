import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs the chart's smoke test as its pod does, for 3 seconds at most. */
export async function runSmoke(
  script: string,
  { edgeUrl, answer }: { edgeUrl: string; answer: boolean },
): Promise<{ code: number; output: string }> {
  const env = { PUBLIC_URL: 'http://localhost', EDGE_URL: edgeUrl, ANSWER: String(answer), TIMEOUT_SECONDS: '3' };
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}
