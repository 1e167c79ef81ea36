/**
 * What a streamed token costs in CPU: `node tests/model-server/token-cost.ts --reader ours|client --streams 300 --tokens 400`.
 * `ours` is the models adapter, `client` the openai client's own stream on the built-in fetch. Prints one JSON line.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { OpenAI } from 'openai';
import { systemClock } from '#platform/clock.ts';
import { openModels } from '#platform/models/open-models.ts';
import { directive } from './directive.ts';
import { expectedText } from './text.ts';

const { values } = parseArgs({
  options: {
    reader: { type: 'string', default: 'ours' },
    streams: { type: 'string', default: '300' },
    tokens: { type: 'string', default: '400' },
    pace: { type: 'string', default: '40' },
  },
});
const [streams, tokens, tokensPerSecond] = [Number(values.streams), Number(values.tokens), Number(values.pace)];

const child = fork(`${import.meta.dirname}/main.ts`, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
if (!child.stdout) throw new Error('The model server has no output.');
const [line] = await once(createInterface(child.stdout), 'line');
const baseUrl = String(line).replace(/^.* at /, '');

const nothing = () => {};
const model = {
  id: 'm',
  providerModel: 'm',
  name: 'M',
  contextTokens: 8_000,
  vision: false,
  price: { inputPerMillion: 0, outputPerMillion: 0 },
};
const models = await openModels(
  {
    providers: [{ name: 'bench', baseUrl, apiKey: 'none', models: [model] }],
    default: 'm',
    timeouts: { firstTokenMs: 30_000, betweenTokensMs: 30_000 },
    attempts: 1,
  },
  {
    clock: systemClock,
    random: Math.random,
    logger: { error: nothing, warn: nothing, info: nothing, debug: nothing },
    metrics: { firstToken: nothing, ended: nothing, retried: nothing, fellBack: nothing },
  },
);
const client = new OpenAI({ baseURL: baseUrl, apiKey: 'none', maxRetries: 0 });
const { signal } = new AbortController();

async function readOurs(content: string, onToken: (text: string) => void): Promise<void> {
  for await (const event of models.stream({ model: 'm', messages: [{ role: 'user', content }], signal })) {
    if (event.type === 'output') onToken(event.text);
  }
}

async function readClient(content: string, onToken: (text: string) => void): Promise<void> {
  const stream = await client.chat.completions.create({
    model: 'm',
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content }],
  });
  for await (const chunk of stream) onToken(chunk.choices[0]?.delta.content ?? '');
}

const read = values.reader === 'client' ? readClient : readOurs;

async function run(seed: number, count: number): Promise<number> {
  const content = directive({ seed, tokens: count, tokensPerSecond });
  const begin = performance.now();
  let firstMs: number | undefined;
  let text = '';
  await read(content, (piece) => {
    firstMs ??= performance.now() - begin;
    text += piece;
  });
  if (text !== expectedText({ seed, tokens: count })) throw new Error(`Stream ${seed} differs from what was sent.`);
  return firstMs ?? 0;
}

await Promise.all(Array.from({ length: 20 }, (_, seed) => run(seed, 40)));
const before = process.cpuUsage();
const begin = performance.now();
// Spread over a second, as people are.
const start = async (seed: number) => {
  await new Promise((resolve) => setTimeout(resolve, (seed * 1000) / streams));
  return run(seed, tokens);
};
const firsts = (await Promise.all(Array.from({ length: streams }, (_, seed) => start(seed)))).sort((a, b) => a - b);
const { user, system } = process.cpuUsage(before);
const at = (share: number) => Math.round((firsts[Math.floor(firsts.length * share)] ?? 0) * 100) / 100;
console.log(
  JSON.stringify({
    reader: values.reader,
    streams,
    cpuMicrosPerToken: Math.round(((user + system) / (streams * tokens)) * 10) / 10,
    userMicrosPerToken: Math.round((user / (streams * tokens)) * 10) / 10,
    seconds: Math.round((performance.now() - begin) / 100) / 10,
    firstTokenMs: { median: at(0.5), p99: at(0.99) },
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
  }),
);
child.kill();
process.exit(0);
