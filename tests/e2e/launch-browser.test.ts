import { chromium } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { browserArguments } from './launch-browser.ts';

const executablePath = inject('chromium') ?? '';
const offSwitch = '--disable-features=';

it.skipIf(!executablePath)('leaves off what Playwright leaves off, and every page of Chromium’s own', async () => {
  const server = await chromium.launchServer({ executablePath, args: [...browserArguments] });
  try {
    const [theirs, ours] = server
      .process()
      .spawnargs.filter((argument) => argument.startsWith(offSwitch))
      .map((argument) => argument.slice(offSwitch.length).split(','));
    expect(ours).toEqual(expect.arrayContaining(theirs ?? []));
    const browser = await chromium.connect(server.wsEndpoint());
    const page = await browser.newPage();
    await page.goto('about:blank');
    const protocol = await browser.newBrowserCDPSession();
    const { targetInfos } = await protocol.send('Target.getTargets', { filter: [{}] });
    expect(targetInfos.map(({ url }) => url).filter((url) => url !== 'about:blank')).toEqual([]);
  } finally {
    await server.close();
  }
});
