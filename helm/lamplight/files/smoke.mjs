// What `helm test` runs in the cluster: asks the edge as a browser would, and says what it found. Exit 1: something is wrong.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import tls from 'node:tls';

/** @param {string} name */
const variable = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
};
const publicUrl = new URL(variable('PUBLIC_URL'));
const edge = new URL(variable('EDGE_URL'));
const deadline = Date.now() + Number(variable('TIMEOUT_SECONDS')) * 1000;
const withAnswer = variable('ANSWER') === 'true';

// The edge is asked by its address in the cluster, for the name that its certificate is made out to.
const secure = () => ({
  servername: publicUrl.hostname,
  ca: [...tls.rootCertificates, readFileSync(variable('EDGE_CERTIFICATE'), 'utf8')],
  allowPartialTrustChain: true,
});
const target = { host: edge.hostname, port: edge.port, ...(edge.protocol === 'https:' ? secure() : {}) };
const { request } = edge.protocol === 'https:' ? https : http;

/**
 * One request to the edge, with its whole reply.
 * @param {string} method
 * @param {string} path
 * @param {{ body?: unknown, headers?: Record<string, string> }} options
 * @returns {Promise<{ status: number | string, text: string }>}
 */
function ask(method, path, { body, headers = {} }) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = request(
    { ...target, method, path, headers: { host: publicUrl.host, ...json, ...headers }, timeout: deadline - Date.now() },
    (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      reply.on('error', reject);
      reply.on('end', () => resolve({ status: reply.statusCode, text }));
    },
  );
  sent.on('timeout', () => sent.destroy(new Error('there was no whole reply in time')));
  sent.on('error', reject);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

/**
 * Asks until the status is the one that is expected; while pods are replaced it may be another for a moment.
 * @param {number} status
 * @param {string} method
 * @param {string} path
 * @param {{ body?: unknown, headers?: Record<string, string> }} options
 */
async function expect(status, method, path, options = {}) {
  for (;;) {
    const found = await ask(method, path, options).catch((error) => ({ status: String(error.message), text: '' }));
    if (found.status === status) return found;
    if (Date.now() + 1000 > deadline)
      throw new Error(`${method} ${path} gave ${found.status} ${found.text.slice(0, 500)}; expected ${status}.`);
    await pause(1000);
  }
}

/** @param {string} text */
const say = (text) => process.stdout.write(`ok  ${text}\n`);

/**
 * The events of an answer.
 * @param {string} text
 * @returns {{ name: string | undefined, data: any }[]}
 */
const eventsIn = (text) =>
  text.split('\n\n').flatMap((block) => {
    const name = /^event: (.*)$/m.exec(block)?.[1];
    const data = /^data: (.*)$/m.exec(block)?.[1];
    return data === undefined ? [] : [{ name, data: JSON.parse(data) }];
  });

/** @param {string} token */
async function sendMessage(token) {
  const { text } = await expect(200, 'POST', '/api/chat/send', {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    body: { text: 'Say hello to the operator.', clientMessageId: randomUUID() },
  });
  const events = eventsIn(text);
  const answer = events.reduce((text, { name, data }) => {
    if (name === 'reset') return '';
    return name === 'delta' && !data.part ? text + data.text : text;
  }, '');
  const last = events.at(-1);
  if (last?.name !== 'done') throw new Error(`The answer ended with ${JSON.stringify(last)}.`);
  const { status } = last.data.message;
  if (status !== 'complete') throw new Error(`The answer is ${status}, not complete.`);
  if (answer === '') throw new Error('The answer was empty.');
  return answer;
}

async function visit() {
  const guest = JSON.parse((await expect(201, 'POST', '/api/auth/guest', { body: { name: 'helm test' } })).text);
  say('a guest comes in');
  const authorization = { authorization: `Bearer ${guest.access_token}` };
  await expect(200, 'GET', '/api/conversations', { headers: authorization });
  say('the store is read');
  if (withAnswer) say(`an answer of ${(await sendMessage(guest.access_token)).length} characters, whole`);
  else process.stdout.write('--  no answer was asked for (tests.answer)\n');
}

try {
  const health = JSON.parse((await expect(200, 'GET', '/health')).text);
  if (health.status !== 'ok') throw new Error(`/health says ${JSON.stringify(health)}.`);
  say(`health of release ${health.version}: ${Object.keys(health.dependencies).join(', ')}`);
  const page = await expect(200, 'GET', '/', { headers: { accept: 'text/html' } });
  if (!page.text.includes('<script')) throw new Error('The page at / is not the web app.');
  say('the page');
  await expect(404, 'GET', '/metrics');
  say('no metrics to be had from outside');
  const { guests } = JSON.parse((await expect(200, 'GET', '/api/auth/options')).text);
  if (guests) await visit();
  else {
    // Nobody's address: the account is looked for in the store, and not found.
    await expect(401, 'POST', '/api/auth/token', { body: { username: 'helm-test@invalid', password: randomUUID() } });
    say('the store is read, and nobody is let in unknown');
    process.stdout.write('--  guests are switched off, so nobody asked for an answer\n');
  }
} catch (error) {
  process.stderr.write(`FAILED  ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
