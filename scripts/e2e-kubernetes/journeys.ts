import { chromium } from 'playwright-core';
import { ChatPage } from '#tests/e2e/chat-page.ts';
import { expectedText } from '#tests/model-server/text.ts';
import { findChromium } from '#tests/servers/programs.ts';

interface Where {
  readonly url: string;
  /** The page's host and the API's host, both answered at `address`. */
  readonly hosts: readonly string[];
  readonly address: string;
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
    await chat.answers('complete').nth(1).waitFor();
    await expectStored(chat, expectedText({ seed: 4, tokens: 30 }));
  },
};

/** Goes through all journeys and returns how many; throws at the first that fails. */
export async function goThroughJourneys({ url, hosts, address }: Where): Promise<number> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium on the PATH to go through the page with.');
  const rules = hosts.map((host) => `MAP ${host} ${address}`).join(',');
  const browser = await chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
      `--host-resolver-rules=${rules}`,
    ],
  });
  try {
    for (const [name, journey] of Object.entries(journeys)) {
      // The authority of the test is nobody's; that its chain is right is checked by the load test, which is given it.
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
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
