import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { directive } from '#tests/model-server/directive.ts';
import { scriptedPng } from '#tests/model-server/images.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { waitFor } from '#tests/servers/child.ts';
import { imageMediaType } from './image-signature.ts';
import { imagesContract } from './images.contract.ts';
import { ImageError, type Images } from './images.ts';
import { openImages } from './open-images.ts';

const apiKey = 'sk-very-secret-0123456789';
let server: ModelServer;
const lines: unknown[] = [];
const log = (...line: unknown[]) => void lines.push(line);
const tools = {
  logger: { error: log, warn: log, info: log, debug: log },
  clock: systemClock,
  random: () => 0,
};
beforeAll(async () => {
  server = await startModelServer({ apiKey });
});
afterAll(() => server.close());

const paint = (model = 'painter'): Promise<Images> =>
  openImages({ model, provider: { baseUrl: server.url, apiKey } }, tools);

imagesContract('a provider', () => paint());
imagesContract('ourselves', () => openImages({}, tools));

let count = 0;
const wish = (more: Parameters<typeof directive>[0]) => {
  count += 1;
  return `A secret garden. ${directive({ key: `picture-${count}`, ...more })}`;
};
const callsOf = (prompt: string) => server.shortCalls().filter(({ body }) => body['prompt'] === prompt);
const make = async (prompt: string, { model = 'painter', signal = new AbortController().signal } = {}) =>
  (await paint(model)).make({ prompt, seed: 's', signal });
const failure = (prompt: string): Promise<unknown> => make(prompt).catch((error: unknown) => error);

describe('a picture of the provider', () => {
  it.each([
    ['gpt-image-1-mini', { size: '1536x1024', output_format: 'jpeg' }],
    ['dall-e-3', { size: '1792x1024', response_format: 'b64_json' }],
    ['flux', { size: '1024x1024', response_format: 'b64_json' }],
  ])('is asked of %s in its own terms', async (model, wishes) => {
    const prompt = wish({});
    expect((await make(prompt, { model })).bytes).toEqual(scriptedPng);
    expect(callsOf(prompt).map(({ body }) => body)).toEqual([{ model, prompt, n: 1, ...wishes }]);
  });

  it('is asked for without wishes where the server does not know them', async () => {
    const prompt = wish({ fault: 'image-plain' });
    expect((await make(prompt)).mediaType).toBe('image/png');
    expect(callsOf(prompt).map(({ body }) => Object.keys(body).length)).toEqual([5, 3]);
  });

  it('is fetched where the provider gives an address on itself', async () => {
    const prompt = wish({ fault: 'image-address' });
    expect((await make(prompt)).bytes).toEqual(scriptedPng);
    expect(server.shortCalls().at(-1)).toMatchObject({ path: '/pictures/1.png', authorization: `Bearer ${apiKey}` });
  });

  it('is not fetched from anywhere else, and the key goes nowhere else', async () => {
    const other = await startModelServer();
    try {
      const places = [
        `http://127.0.0.1:${other.port}/pictures/1.png`,
        'file:///etc/hostname',
        '//localhost/x.png',
        'data:image/png;base64,AA==',
      ];
      for (const location of places) {
        const prompt = wish({ fault: 'image-elsewhere', location });
        expect(await failure(prompt)).toMatchObject({ name: 'ImageError', retryable: false });
        expect(callsOf(prompt)).toHaveLength(1);
      }
      expect(other.shortCalls()).toHaveLength(0);
      expect(await failure(wish({ fault: 'image-no-address' }))).toMatchObject({
        name: 'ImageError',
        retryable: false,
      });
    } finally {
      await other.close();
    }
  });

  it.each([
    ['401', 1, false],
    ['403', 1, false],
    ['404', 1, false],
    ['quota', 1, false],
    ['400', 2, false],
    ['429', 3, true],
    ['500', 3, true],
    ['503', 3, true],
    ['cut', 3, true],
    ['bad-json', 3, true],
    ['html', 3, true],
    ['empty', 3, true],
    ['image-nothing', 3, true],
    ['image-policy', 1, false],
    ['image-blocked', 1, false],
    ['image-text', 1, true],
    ['image-huge', 1, false],
    ['endless', 1, false],
    ['501', 1, false],
  ] as const)('%s fails after %i calls', async (fault, calls, retryable) => {
    const prompt = wish({ fault, retryAfter: 0 });
    const error = await failure(prompt);
    expect(error).toBeInstanceOf(ImageError);
    expect(error).toMatchObject({ retryable });
    expect(callsOf(prompt)).toHaveLength(calls);
    expect(inspect([error, lines], { depth: 9 })).not.toMatch(/secret/);
  });

  it.each(['429', '500', 'cut', 'html'] as const)('%s that passes costs another call', async (fault) => {
    const prompt = wish({ fault, times: 1, retryAfter: 0 });
    expect((await make(prompt)).bytes).toEqual(scriptedPng);
    expect(callsOf(prompt)).toHaveLength(2);
  });

  it.each(['hang', 'stall'] as const)('a call that %ss ends with its signal', async (fault) => {
    const prompt = wish({ fault });
    const abort = new AbortController();
    const made = make(prompt, { signal: abort.signal });
    await waitFor(() => callsOf(prompt).length === 1);
    abort.abort(new Error('no more'));
    await expect(made).rejects.toThrow('no more');
    expect(callsOf(prompt)).toHaveLength(1);
  });
});

it('knows pictures by their first bytes', () => {
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  expect(imageMediaType(scriptedPng)).toBe('image/png');
  expect(imageMediaType(bytes('\xff\xd8\xff\xe0'))).toBe('image/jpeg');
  expect(imageMediaType(bytes('RIFF\0\0\0\0WEBPVP8 '))).toBe('image/webp');
  for (const other of ['', '<svg xmlns=', 'GIF89a', '\x89PNG', 'RIFF\0\0\0\0WAVEfmt ', '<!doctype html>'])
    expect(imageMediaType(bytes(other))).toBeUndefined();
});
