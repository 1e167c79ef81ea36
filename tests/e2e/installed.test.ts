import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createFront } from '#scripts/services/front.ts';
import { ChatPage } from './chat-page.ts';
import { launchBrowser } from './launch-browser.ts';
import { type Place, places } from './places.ts';

const chromium = inject('chromium');

/** Stands in front of Lamplight, and gives files of another build in place of its own. */
async function startDeployable(target: string, replaced: ReadonlyMap<string, readonly [type: string, body: string]>) {
  const front = createFront(() => [target]);
  const server: Server = createServer((request, response) => {
    const [type, body] = replaced.get(request.url ?? '') ?? [];
    if (type) response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' }).end(body);
    else front.emit('request', request, response);
  });
  server.on('upgrade', (...upgrade) => front.emit('upgrade', ...upgrade));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    server.closeAllConnections();
    server.close();
    front.emit('close');
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

describe.each(places.slice(0, 1))('the installed page, with Lamplight $name', ({ missing, start }) => {
  describe.skipIf(missing !== undefined || !chromium)(`${missing ?? 'in a browser'}`, () => {
    let place: Place;
    let browser: Browser;
    let context: BrowserContext;
    const workerIsActive = (page: Page) => page.evaluate('navigator.serviceWorker.ready.then(() => true)');

    beforeAll(async () => {
      [place, browser] = await Promise.all([start({}), launchBrowser(chromium ?? '')]);
    });
    afterAll(async () => {
      await browser?.close();
      await place?.stop();
    });
    beforeEach(async () => {
      context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    });
    afterEach(() => context.close());

    it('opens without a network, says so, and goes on when it is back', async () => {
      const chat = await ChatPage.open(context, place.url);
      await chat.start('Grace');
      await workerIsActive(chat.page);
      await context.setOffline(true);
      await chat.page.reload();
      await chat.page.getByText('You are still signed in', { exact: false }).waitFor();
      await context.setOffline(false);
      await chat.composer.waitFor();
    });

    it('keeps no reply of the API', async () => {
      const chat = await ChatPage.open(context, place.url);
      await chat.start('Grace');
      await workerIsActive(chat.page);
      await chat.page.reload();
      await chat.composer.waitFor();
      const kept = (await chat.page.evaluate(
        'caches.keys().then((names) => Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).then((lists) => lists.flat())',
      )) as string[];
      expect(kept).toContain('/index.html');
      expect(kept.filter((path) => !/^\/(assets|icons)\/|^\/[\w-]+\.\w+$/.test(path))).toEqual([]);
    });

    it('offers a new version, and changes to it when asked alone', async () => {
      const replaced = new Map<string, readonly [type: string, body: string]>();
      const front = await startDeployable(place.url, replaced);
      const chat = await ChatPage.open(context, front.url);
      await chat.start('Grace');
      await workerIsActive(chat.page);
      await chat.page.reload();
      await chat.composer.waitFor();
      await chat.composer.fill('Half a thought');
      const worker = await (await fetch(`${place.url}/sw.js`)).text();
      replaced.set('/sw.js', ['text/javascript', `${worker}\n// of another build`]);
      replaced.set('/', ['text/html', '<script type="module" src="/assets/another.js"></script>']);
      await chat.page.evaluate('navigator.serviceWorker.ready.then((registration) => registration.update())');
      await chat.button('Load the new version').waitFor();
      expect(await chat.composer.inputValue()).toBe('Half a thought');
      replaced.delete('/');
      const loaded = chat.page.waitForEvent('load');
      await chat.button('Load the new version').click();
      await loaded;
      await chat.composer.waitFor();
      expect(await chat.composer.inputValue()).toBe('Half a thought');
      front.stop();
    });
  });
});
