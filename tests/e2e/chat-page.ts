import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';

import { waitFor } from '#tests/servers/child.ts';

export const launchBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });

/** The chat page as a person uses it: by what it says and shows. */
export class ChatPage {
  readonly page: Page;
  /** What the browser complained of. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (line) => {
      if (line.type() === 'error') this.complaints.push(line.text());
    });
  }

  static async open(context: BrowserContext, url: string): Promise<ChatPage> {
    const chat = new ChatPage(await context.newPage());
    await chat.page.goto(url);
    return chat;
  }

  async start(name: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Your name' }).fill(name);
    await this.page.getByRole('button', { name: 'Start' }).click();
    await this.composer.waitFor();
  }

  /** From the way in, as somebody with an account. */
  async signIn(email: string, password: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Sign in' }).click();
    await this.fillSignIn(email, password);
    await this.composer.waitFor();
  }

  async fillSignIn(email: string, password: string): Promise<void> {
    await this.field('E-mail').fill(email);
    await this.field('Password').fill(password);
    await this.button('Sign in').click();
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.page.getByRole('button', { name: 'Send' }).click();
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name });
  }

  get conversations(): Locator {
    return this.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link');
  }

  /** Answers in this state, in order. */
  answers(status: string): Locator {
    return this.page.locator(`article[data-role="assistant"][data-status="${status}"]`);
  }

  async answered(status = 'complete'): Promise<string> {
    const answer = this.answers(status).last();
    await answer.waitFor({ timeout: 30_000 });
    return (await answer.textContent()) ?? '';
  }

  /** Waits until the answer under way shows at least so many characters. */
  async showsAtLeast(characters: number): Promise<void> {
    const running = this.answers('running').last();
    await running.waitFor();
    await waitFor(async () => ((await running.textContent()) ?? '').length >= characters, {
      what: `an answer of ${characters} characters`,
      timeoutMs: 20_000,
    });
  }

  /** What the API has of the answers of the open conversation, the newest first. */
  async stored(): Promise<ReadonlyArray<{ role: string; status: string; text: string }>> {
    const id = new URL(this.page.url()).pathname.split('/').at(-1);
    const asked = this.page.waitForRequest((sent) => sent.url().includes('/api/conversations'));
    await this.page.reload();
    const request = await asked;
    const authorization = (await request.headerValue('authorization')) ?? '';
    const { href } = new URL(`/api/conversations/${id}/messages`, request.url());
    // Asked by the page, whose browser may know the names of hosts that nobody else does.
    const reply = await this.page.evaluate(
      async ([url, token]) => (await fetch(url, { headers: { authorization: token } })).text(),
      [href, authorization] as const,
    );
    return JSON.parse(reply).items;
  }
}
