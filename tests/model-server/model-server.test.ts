import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { OpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directive, parseDirective } from './directive.ts';
import { type ModelServer, startModelServer } from './model-server.ts';
import { Pacer } from './pacer.ts';
import { expectedText, scriptedTokens } from './text.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

const client = () => new OpenAI({ baseURL: server.url, apiKey: 'any', maxRetries: 0 });
const asking = (content: string) => ({ model: 'm', messages: [{ role: 'user' as const, content }] });

describe('the text', () => {
  it('follows from its seed, and has what breaks careless code', () => {
    const text = expectedText({ seed: 1, tokens: 2_000 });
    expect(text).toBe(expectedText({ seed: 1, tokens: 2_000 }));
    expect(text).not.toBe(expectedText({ seed: 2, tokens: 2_000 }));
    expect(text.startsWith(expectedText({ seed: 1, tokens: 1_999 }))).toBe(true);
    for (const rare of ['\n\n', '**', '`', '😀', 'é', '夢', '"', '\\', '<b>']) expect(text).toContain(rare);
  });

  it('is whole where pairs are sent in halves', () => {
    for (const tokens of [1, 2, 8, 9, 100]) {
      const script = { seed: 1, tokens, splitPairs: true };
      expect(scriptedTokens(script)).toHaveLength(tokens);
      expect(expectedText(script).isWellFormed()).toBe(true);
    }
    expect(scriptedTokens({ seed: 1, tokens: 100, splitPairs: true }).some((token) => !token.isWellFormed())).toBe(
      true,
    );
  });
});

describe('the model server', () => {
  it('gives the openai client the text and the usage that the directive asks for, streamed and whole', async () => {
    const content = `please ${directive({ seed: 9, tokens: 50, nonce: true, key: 'twice' })}`;
    const whole = await client().chat.completions.create(asking(content));
    expect(whole.choices[0]?.message.content).toBe(expectedText({ seed: 9, tokens: 50, nonce: 1 }));
    const options = { stream: true, stream_options: { include_usage: true } } as const;
    let text = '';
    let tokens: number | undefined;
    for await (const chunk of await client().chat.completions.create({ ...asking(content), ...options })) {
      text += chunk.choices[0]?.delta.content ?? '';
      tokens = chunk.usage?.completion_tokens ?? tokens;
    }
    expect(text).toBe(expectedText({ seed: 9, tokens: 50, nonce: 2 }));
    expect(tokens).toBe(51);
    expect(server.calls().at(-1)).toMatchObject({ text: content, state: 'done', tokensSent: 51 });
  });

  it('keeps the pace that it was asked for', async () => {
    const begin = performance.now();
    const content = directive({ tokens: 21, tokensPerSecond: 100, firstTokenMs: 50 });
    const times: number[] = [];
    for await (const chunk of await client().chat.completions.create({ ...asking(content), stream: true })) {
      if (chunk.choices[0]?.delta.content) times.push(performance.now() - begin);
    }
    expect(times).toHaveLength(21);
    expect(times[0]).toBeGreaterThan(49);
    expect(times[20]).toBeGreaterThan(248);
  });

  it('answers politely without a directive, and with a title where one is asked for', async () => {
    const polite = await client().chat.completions.create(asking('How are you?'));
    expect(polite.choices[0]?.message.content).toContain('How are you?');
    const { messages } = asking(`Moon and stars ${directive({ fault: '500' })}`);
    const system = { role: 'system' as const, content: 'Write a short title.' };
    const title = await client().chat.completions.create({ model: 'm', messages: [system, ...messages] });
    expect(title.choices[0]?.message.content).toBe('About Moon and stars');
  });

  it('has a fault for the first calls of a message only', async () => {
    const content = directive({ key: 'faulty', fault: '500', times: 2 });
    for (let call = 1; call <= 2; call += 1) {
      await expect(client().chat.completions.create(asking(content))).rejects.toMatchObject({ status: 500 });
    }
    expect((await client().chat.completions.create(asking(content))).choices).toHaveLength(1);
  });

  it('says what is wrong with a directive', async () => {
    const wrong = client().chat.completions.create(asking('[[{"tokenz":1}]]'));
    await expect(wrong).rejects.toMatchObject({ status: 400, message: expect.stringContaining('tokenz') });
    expect(parseDirective('no directive')).toBeUndefined();
  });

  it('lists its models', async () => {
    const { data } = await client().models.list();
    expect(data).toMatchObject([{ id: 'scripted' }]);
  });

  it('runs as a process of its own', async () => {
    const child = fork(`${import.meta.dirname}/main.ts`, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] });
    if (!child.stdout) throw new Error('The process has no output.');
    const [line] = await once(createInterface(child.stdout), 'line');
    const url = String(line).replace('Model server ready at ', '');
    expect((await fetch(`${url}/models`)).status).toBe(200);
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  });
});

describe('the pacer', () => {
  it('calls in the order of the times, however they were given', async () => {
    const pacer = new Pacer();
    const begin = performance.now();
    const called: number[] = [];
    const delays = [9, 3, 7, 1, 8, 2, 6, 4, 5, 3];
    await Promise.all(
      delays.map(
        (delay) =>
          new Promise<void>((resolve) => {
            pacer.at(begin + delay * 4, () => {
              expect(performance.now() - begin).toBeGreaterThanOrEqual(delay * 4 - 1);
              called.push(delay);
              resolve();
            });
          }),
      ),
    );
    expect(called).toEqual(delays.toSorted((a, b) => a - b));
  });
});
