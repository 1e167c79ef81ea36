import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { apiHost, type Edge, mainHost, openFolder, startEdge } from '#nginx/edge.fixture.ts';
import { HeldAnswers } from '#tests/model-server/held-answers.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { ChatPage } from './chat-page.ts';
import { launchBrowser } from './launch-browser.ts';

const chromium = inject('chromium');
const { nginx } = inject('programs');
const dist = join(import.meta.dirname, '../../web/dist');
const page = `http://${mainHost}`;
const api = `http://${apiHost}`;

describe.skipIf(!chromium || !nginx)('the page on one host and the API on another, behind the edge', () => {
  const answers = new HeldAnswers();
  let model: ModelServer;
  let lamplight: LamplightProcess;
  let edge: Edge;
  let browser: Browser;

  beforeAll(async () => {
    const [webRoot, dataDir] = await Promise.all([openFolder(), mkdtemp(join(tmpdir(), 'lamplight-origins-'))]);
    await cp(dist, webRoot, { recursive: true });
    model = await startModelServer(answers);
    const env = { OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted', PUBLIC_URL: page };
    lamplight = await startStandalone({ env, dataDir });
    const { host } = new URL(lamplight.url);
    const upstreams = { EDGE_API_UPSTREAM: host, EDGE_REALTIME_UPSTREAM: host };
    edge = await startEdge(nginx ?? '', { env: { API_URL: api, EDGE_WEB_ROOT: webRoot, ...upstreams } });
    const found = [mainHost, apiHost].map((name) => `MAP ${name}:80 127.0.0.1:${edge.httpPort}`);
    browser = await launchBrowser(chromium ?? '', [
      `--host-resolver-rules=${found.join()}`,
      // As they are over HTTPS.
      `--unsafely-treat-insecure-origin-as-secure=${page},${api}`,
    ]);
  });
  afterAll(async () => {
    answers.close();
    await browser?.close();
    await edge?.stop();
    await lamplight?.stop();
    await model?.close();
  });

  it('serve a guest, whose session and answer outlive a reload, and no cookie goes to the page’s host', async () => {
    const context = await browser.newContext();
    const asked = new Set<string>();
    const sockets = new Set<string>();
    context.on('request', (request) => {
      const { origin, pathname } = new URL(request.url());
      if (/^\/(api|ws|health)\b/.test(pathname)) asked.add(origin);
    });
    const chat = await ChatPage.open(context, page);
    chat.page.on('websocket', (socket) => sockets.add(new URL(socket.url()).host));
    await chat.start('Ada');
    const answer = answers.hold();
    await chat.sendHeld(answer);
    await chat.page.reload();
    await chat.showsBeginning(answer.beginning);
    answer.goOn();
    await chat.expectWhole(answer);
    expect([...asked]).toEqual([api]);
    expect([...sockets]).toEqual([apiHost]);
    const cookies = await context.cookies([page, api]);
    expect(cookies.map(({ domain, httpOnly, sameSite }) => ({ domain, httpOnly, sameSite }))).toEqual([
      { domain: apiHost, httpOnly: true, sameSite: 'Strict' },
    ]);
    expect(chat.complaints).toEqual([]);
  });
});
