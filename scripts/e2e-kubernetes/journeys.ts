import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ChatPage } from '#tests/e2e/chat-page.ts';
import { launchBrowser } from '#tests/e2e/launch-browser.ts';
import { expectedText } from '#tests/model-server/text.ts';
import { findChromium } from '#tests/servers/programs.ts';

interface Where {
  readonly url: string;
  /** The page's host and the API's host, both answered at `address`. */
  readonly hosts: readonly string[];
  readonly address: string;
  /** Path of the certificate that it shows, as PEM. */
  readonly certificate: string;
}

/**
 * Has Chromium take this one certificate, whose authority is nobody's; that its chain is right is checked by the load test, which
 * is given the authority. Playwright's `ignoreHTTPSErrors` takes any, but not for the script of a service worker.
 */
async function trusting(certificate: string): Promise<string> {
  const { publicKey } = new X509Certificate(await readFile(certificate));
  const hash = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
  return `--ignore-certificate-errors-spki-list=${hash.digest('base64')}`;
}

const quick = (seed: number) => `[[${JSON.stringify({ tokens: 30, seed })}]] Quickly, please.`;
const slow = (seed: number) => `[[${JSON.stringify({ tokens: 120, tokensPerSecond: 30, seed })}]] Slowly, please.`;

/** What a person does in a browser, through the edge, each with a fresh session. */
const journeys: Readonly<Record<string, (chat: ChatPage) => Promise<void>>> = {
  async 'an answer, the same after a reload'(chat) {
    await chat.send(quick(1));
    await chat.answered();
    await expectStored(chat, expectedText({ seed: 1, tokens: 30 }));
  },
  async 'a reload in mid-answer'(chat) {
    await chat.send(slow(2));
    await chat.showsAtLeast(100);
    await chat.page.reload();
    await chat.answered();
    await expectStored(chat, expectedText({ seed: 2, tokens: 120 }));
  },
  async 'a second answer in the same conversation'(chat) {
    await chat.send(quick(3));
    await chat.answered();
    await chat.send(quick(4));
    await chat.answeredAs(2);
    await expectStored(chat, expectedText({ seed: 4, tokens: 30 }));
  },
};

/** Goes through all journeys and returns how many; throws at the first that fails. */
export async function goThroughJourneys({ url, hosts, address, certificate }: Where): Promise<number> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium on the PATH to go through the page with.');
  const rules = hosts.map((host) => `MAP ${host} ${address}`).join(',');
  const browser = await launchBrowser(executablePath, [`--host-resolver-rules=${rules}`, await trusting(certificate)]);
  try {
    for (const [name, journey] of Object.entries(journeys)) {
      const context = await browser.newContext();
      const chat = await ChatPage.open(context, url);
      await chat.start('Ada');
      await journey(chat);
      if (chat.complaints.length > 0) throw new Error(`In "${name}" the browser complained: ${chat.complaints.join()}`);
      await context.close();
    }
  } finally {
    await browser.close();
  }
  return Object.keys(journeys).length;
}

async function expectStored(chat: ChatPage, expected: string): Promise<void> {
  const [answer] = await chat.stored();
  if (answer?.text !== expected)
    throw new Error(`Stored is ${JSON.stringify(answer)}, not ${JSON.stringify(expected)}.`);
}
