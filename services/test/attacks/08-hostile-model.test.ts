import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conversation } from '#contract/conversations.ts';
import { myUsage } from '#contract/usage.ts';
import { resetPeak, residentBytes } from '#tests/bench/process-figures.ts';
import { directive } from '#tests/model-server/directive.ts';
import { waitFor } from '#tests/servers/child.ts';
import { type AttackedLamplight, type Somebody, startAttackedLamplight } from './attacked-lamplight.fixture.ts';

const longestAnswer = 20_000;
/** What may have come when the longest answer was reached, in characters. */
const waiting = 150_000;
let lamplight: AttackedLamplight;
let ada: Somebody;
let ben: Somebody;
/** Where a redirect would lead: the addresses that were asked for. */
let trap: Server;
const trapped: string[] = [];

beforeAll(async () => {
  lamplight = await startAttackedLamplight({
    MODEL_ATTEMPTS: '1',
    MODEL_FIRST_TOKEN_TIMEOUT_SECONDS: '1',
    MODEL_BETWEEN_TOKENS_TIMEOUT_SECONDS: '1',
    MAX_RUN_SECONDS: '2',
    MAX_OUTPUT_CHARACTERS: String(longestAnswer),
  });
  ada = await lamplight.newPerson('user', 'Ada');
  ben = await lamplight.newPerson('user', 'Ben');
  await ben.client.ask('Good evening');
  trap = createServer((request, response) => {
    trapped.push(request.url ?? '');
    response.end('data: {"choices":[{"delta":{"content":"stolen"},"finish_reason":"stop"}]}\n\n');
  }).listen(0, '127.0.0.1');
});
afterAll(async () => {
  await lamplight?.stop();
  trap?.close();
});

const trapUrl = () => `http://127.0.0.1:${(trap.address() as AddressInfo).port}/latest/meta-data/`;
const asks = (wish: Parameters<typeof directive>[0]) => ada.client.ask(`Good evening ${directive(wish)}`);

/** What Ada gets, while Ben is answered as ever, the same process goes on, and its memory stays what it was. */
async function meanwhile<T>(attack: () => Promise<T>): Promise<T> {
  const { pid } = lamplight;
  const before = residentBytes(pid);
  resetPeak(pid);
  const attacked = attack();
  const answer = await ben.client.ask('How are you?');
  expect(answer.done?.message.status).toBe('complete');
  expect(answer.text).toContain('How are you?');
  const result = await attacked;
  expect(lamplight.process.process.pid).toBe(pid);
  expect(residentBytes(pid, 'VmHWM') - before).toBeLessThan(120_000_000);
  return result;
}

describe('a model server that is not what it says', () => {
  it.each([
    ['html', 'model_bad_reply'],
    ['huge-line', 'model_bad_reply'],
    ['empty', 'model_bad_reply'],
    ['tools', 'model_bad_reply'],
    ['deep', 'model_bad_reply'],
    ['gzip', 'model_bad_reply'],
    ['wide', 'model_timeout'],
    ['slow-body', 'model_timeout'],
    ['slow-header', 'model_timeout'],
    ['endless-header', 'model_unavailable'],
    ['endless-error', 'model_unavailable'],
    ['endless', 'answer_too_long'],
    ['endless-slow', 'answer_too_long'],
  ] as const)('cannot do more than fail its own answer: %s is %s', async (fault, code) => {
    const { done } = await meanwhile(() => asks({ fault }));
    expect(done?.message).toMatchObject({ status: 'failed', error: { code } });
    const { text } = done?.message ?? { text: '' };
    expect(text.length).toBeLessThan(longestAnswer + waiting);
    // Nothing goes on reading from it.
    const calls = () => lamplight.modelServer.calls().filter((call) => call.text.includes(`"${fault}"`));
    expect(calls()).toHaveLength(1);
    await waitFor(() => calls().every(({ state }) => state !== 'open'), { what: 'the connection to be closed' });
  });
});

it('is heard where it surrounds an answer with what nobody knows', async () => {
  const answer = await meanwhile(() => asks({ fault: 'unknown' }));
  expect(answer.text).toBe('All is well.');
  expect(answer.done?.message.status).toBe('complete');
});

it.each([
  ['to a service of this machine', () => trapUrl()],
  ['to the metadata of a cloud', () => 'http://169.254.169.254/latest/meta-data/'],
  ['to itself', () => `${lamplight.modelServer.url}/chat/completions`],
  ['to a file', () => 'file:///etc/passwd'],
])('is not followed %s', async (_where, location) => {
  const before = lamplight.modelServer.calls().length;
  const begun = performance.now();
  const { done, text } = await meanwhile(() => asks({ fault: 'redirect', location: location(), key: location() }));
  expect(done?.message).toMatchObject({ status: 'failed', error: { code: 'model_rejected' } });
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect([text, trapped]).toEqual(['', []]);
  const mine = ({ text: asked }: { text: string }) => asked.includes('"redirect"');
  expect(lamplight.modelServer.calls().slice(before).filter(mine)).toHaveLength(1);
});

describe('usage that cannot be', () => {
  it.each([
    [{ prompt_tokens: 1e308, completion_tokens: 1e308, total_tokens: 1e308 }],
    [{ prompt_tokens: 9_007_199_254_740_991, completion_tokens: 1 }],
    [{ prompt_tokens: -1_000_000, completion_tokens: -1_000_000 }],
    [{ prompt_tokens: 5, completion_tokens: -1 }],
    [{ prompt_tokens: '5', completion_tokens: [5] }],
    [{ prompt_tokens: null, completion_tokens: { $inc: 5 } }],
    ['all of it'],
    [[]],
  ])('is not counted, and an estimate is: %j', async (usage) => {
    const state = async () => (await ada.client.call('GET', '/api/me/usage')).as(myUsage);
    const before = await state();
    const { done } = await asks({ fault: 'usage', usage });
    expect(done?.message).toMatchObject({ status: 'complete', text: 'All is well.' });
    expect(done?.usage).toMatchObject({ estimated: true });
    const after = await state();
    expect(after.tokens.reserved).toBe(0);
    expect(after.tokens.used - before.tokens.used).toBe(
      (done?.usage?.inputTokens ?? 0) + (done?.usage?.outputTokens ?? 0),
    );
    expect(after.tokens.used - before.tokens.used).toBeLessThan(10_000);
    expect(after.tokens.used).toBeGreaterThan(before.tokens.used);
  });
});

/** A terminal's commands, a turn of the text's direction, zero bytes, ends of lines and halves of pairs. */
const nasty = '\u001b[2J\u001b]0;owned\u0007\u202eevil\u2066\u0000\r\n\u2028</script>\ud800 {"log.level":"error"}';

it('reaches people as text, whatever characters it sends, and no log or list at all', async () => {
  const { done, run, text } = await meanwhile(() => asks({ fault: 'say', say: nasty, titleFault: 'say' }));
  const shown = nasty.toWellFormed();
  expect([text, done?.message.text]).toEqual([shown, shown]);
  const title = await waitFor(async () => {
    const found = (await ada.client.call('GET', `/api/conversations/${run.conversationId}`)).as(conversation).title;
    return found.startsWith('Good evening') ? undefined : found;
  });
  expect(title).toBe('[2J]0;ownedevil');
  const log = await lamplight.log();
  expect(log).not.toMatch(/owned|evil/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  expect(log).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/);
});

it('gives no title rather than an endless one', async () => {
  const { done, run } = await meanwhile(() => asks({ titleFault: 'endless', tokens: 5 }));
  expect(done?.message.status).toBe('complete');
  const title = ({ body }: { body: object }) =>
    JSON.stringify(body).includes('Write the title of this conversation now');
  const asked = () =>
    lamplight.modelServer.calls().findLast((call) => title(call) && JSON.stringify(call.body).includes('titleFault'));
  await waitFor(() => asked()?.state === 'closed', { what: 'the title to be given up' });
  const { title: kept } = (await ada.client.call('GET', `/api/conversations/${run.conversationId}`)).as(conversation);
  expect(kept).toContain('Good evening');
});
