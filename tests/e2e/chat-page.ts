import type { BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { HeldAnswer } from '#tests/model-server/held-answers.ts';
import { waitFor } from '#tests/servers/child.ts';

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

  /** My messages in this state, in order. */
  mine(status: string): Locator {
    return this.page.locator(`article[data-role="user"][data-status="${status}"]`);
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  /** From the sidebar, which must be in sight. */
  async openSettings(part: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Your account' }).click();
    await this.openSettingsPart(part);
  }

  async openSettingsPart(part: string): Promise<void> {
    const parts = this.page.getByRole('navigation', { name: 'Parts of the settings' });
    await parts.getByRole('link', { name: part }).click();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name });
  }

  get conversations(): Locator {
    return this.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link');
  }

  conversation(title: string): Locator {
    return this.conversations.filter({ hasText: title });
  }

  /** Gives the first conversation of the list another title. */
  async rename(title: string): Promise<void> {
    await this.askToRename(title);
    await this.conversation(title).waitFor();
  }

  /** Whatever comes of it. */
  async askToRename(title: string): Promise<void> {
    await this.conversations.first().hover();
    await this.button('Rename').click();
    await this.page.getByRole('textbox', { name: 'Title' }).fill(title);
    await this.page.keyboard.press('Enter');
  }

  /** Deletes a conversation of the list, after the question. */
  async delete(title: string): Promise<void> {
    await this.conversation(title).hover();
    const row = this.page.getByRole('listitem').filter({ hasText: title });
    await row.getByRole('button', { name: 'Delete' }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await this.conversation(title).waitFor({ state: 'detached' });
  }

  /** Answers in this state, in order. */
  answers(status: string): Locator {
    return this.page.locator(`article[data-role="assistant"][data-status="${status}"]`);
  }

  /**
   * Waits until a later answer of a conversation is whole: the second of all, the third… Those before it may have left the page,
   * which keeps only what is near to what is shown.
   */
  async answeredAs(count: number): Promise<void> {
    const messages = 2 * count;
    await this.page
      .locator(`article[data-role="assistant"][data-status="complete"][aria-posinset="${messages}"]`)
      .waitFor({ timeout: 30_000 });
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

  /** Sends what the answer is held for and waits until its beginning is shown. */
  async sendHeld({ message, beginning }: HeldAnswer): Promise<void> {
    await this.send(message);
    await this.showsBeginning(beginning);
  }

  /** Markdown shows less than it is written with. */
  async showsBeginning(beginning: string): Promise<void> {
    await this.showsAtLeast(Math.floor(beginning.length * 0.7));
  }

  /** Waits for the end of the answer and holds what is stored, and shown after a reload, to what the model said. */
  async expectWhole({ whole }: HeldAnswer): Promise<void> {
    const shown = await this.answered();
    const [answer] = await this.stored();
    expect(answer?.text).toBe(whole);
    expect(await this.answered()).toBe(shown);
  }

  isConnected(state = 'connected'): Promise<void> {
    return this.page.locator(`[data-connection-state="${state}"]`).first().waitFor({ state: 'attached' });
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
