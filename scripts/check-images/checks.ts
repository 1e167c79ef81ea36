import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Kubectl } from './kubectl.ts';

type Say = (line: string) => void;

/** The server image: who it runs as, what it cannot write, that it serves, answers and speaks. */
export async function checkServer(kubectl: Kubectl, say: Say): Promise<void> {
  const program = await readFile(new URL('in-server.mjs', import.meta.url), 'utf8');
  const found = JSON.parse(await kubectl.exec('standalone', ['node', '--input-type=module', '-'], program));
  assert.equal(found.uid, 1000, 'the server runs as uid 1000');
  assert.match(found.node, /^v24\./, 'the server has Node 24');
  assert.deepEqual(found.readOnly, ['EROFS', 'done'], 'the root is read-only, /tmp is not');
  assert.deepEqual(
    [found.absent, found.development],
    [[], []],
    'no package manager and no development package is there',
  );
  assert.equal(found.health.status, 200, `/health answers 200: ${JSON.stringify(found.health)}`);
  assert.deepEqual(found.page, { status: 200, type: 'text/html; charset=utf-8' }, 'the page is there');
  assert.equal(found.answer.run, 'complete', `the demo model answers: ${JSON.stringify(found.answer)}`);
  const { sync, bytes, seconds } = found.voice;
  assert.ok(sync === 0xff && bytes > 3_000 && seconds > 0.5, `it reads aloud: ${JSON.stringify(found.voice)}`);
  for (const script of ['scripts/backup.ts', 'scripts/restore.ts', 'nginx/watch-main.ts']) {
    assert.match(await kubectl.exec('standalone', ['node', script, '--help']), /usage/i, `${script} runs in the image`);
  }
  const health = await kubectl.exec('standalone', ['node', 'deploy/health/main.ts']);
  assert.match(health, /^200 /, 'the health check of the image is well');
  say(
    `server: uid ${found.uid}, Node ${found.node}, read-only root; serves, answers, reads aloud (${bytes} bytes of MP3)`,
  );
}

/** The edge image, with a configuration that the server image rendered, before the server. */
export async function checkEdge(kubectl: Kubectl, say: Say): Promise<void> {
  const health = await kubectl.exec('edge', ['perl', '/usr/local/lib/lamplight/health.pl']);
  // Before its answer it may say that nginx was told to read its files again, which were new when it started.
  assert.match(health, /^HTTP\/1\.1 \d+/m, 'the health check of the image is well');
  const address = (await kubectl.run(['get', 'pod', 'edge', '--output=jsonpath={.status.podIP}'])).trim();
  const program = `
    import { request } from 'node:http';
    const ask = (path, headers) => new Promise((resolve, reject) => request(
      { host: ${JSON.stringify(address)}, port: 8080, path, headers: { host: 'chat.example.org', ...headers } },
      (response) => { response.resume(); resolve({ status: response.statusCode, headers: response.headers }); },
    ).on('error', reject).end());
    const page = await ask('/', { accept: 'text/html', 'accept-encoding': 'br' });
    const health = await ask('/health');
    console.log(JSON.stringify({ page: page.status, type: page.headers['content-type'], health: health.status }));`;
  const found = JSON.parse(await kubectl.exec('standalone', ['node', '--input-type=module', '-'], program));
  assert.deepEqual(
    found,
    { page: 200, type: 'text/html; charset=utf-8', health: 200 },
    'the edge serves the page and /health',
  );
  say('edge: serves the page and passes requests on, with what the server image rendered');
}

/** Process 1 takes the image's stop signal itself and ends with 0. */
export async function endsInOrder(kubectl: Kubectl, say: Say): Promise<void> {
  const stop = [
    ['standalone', ['node', '--eval', 'process.kill(1, "SIGTERM")']],
    ['edge', ['perl', '-e', 'kill "QUIT", 1']],
  ] as const;
  for (const [pod, command] of stop) {
    const start = performance.now();
    await kubectl.exec(pod, command);
    await kubectl.run(['wait', '--for=jsonpath={.status.phase}=Succeeded', `pod/${pod}`, '--timeout=40s']);
    say(`${pod}: ended in order after ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}
