import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { MemoryRouter, type NavigateFunction, useNavigate } from 'react-router';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Entry } from '../../api/open-session.ts';
import { signIn, testEntry } from '../../api/session.fixture.ts';
import { App } from '../../app.tsx';
import { FakeSocket, Server } from './server.fixture.ts';
// The page loads it when somebody is signed in; a test does not wait for that.
import './chat.tsx';

/** The page of one person, before a server in the place of the network; new for each test of a file. */
export class ChatPage {
  server = new Server();
  entry: Entry = testEntry();
  /** What the browser's own buttons do: `navigate(-1)` is Back. */
  navigate: NavigateFunction = () => {};

  static forEach(holder: 'guest' | 'account' = 'guest'): ChatPage {
    const page = new ChatPage();
    beforeEach(async () => {
      localStorage.clear();
      sessionStorage.clear();
      page.server = new Server();
      page.entry = testEntry();
      await signIn(page.entry, 'ada', holder);
      vi.stubGlobal('fetch', page.server.fetch);
      const { sockets } = page.server;
      vi.stubGlobal(
        'WebSocket',
        class extends FakeSocket {
          constructor() {
            super();
            sockets.push(this);
          }
        },
      );
    });
    afterEach(() => {
      cleanup();
      vi.unstubAllGlobals();
    });
    return page;
  }

  /** Shows an address, and says that the connection stands. */
  async open(address: string): Promise<void> {
    const before = this.server.sockets.length;
    render(
      <MemoryRouter initialEntries={[address]}>
        <App entry={this.entry} />
        <BrowserButtons page={this} />
      </MemoryRouter>,
    );
    await this.connect(before + 1);
  }

  /** Waits for the connection of this number, and says that it stands. */
  async connect(count: number): Promise<void> {
    await waitFor(() => expect(this.server.sockets).toHaveLength(count));
    this.server.socket.say({ type: 'ready', traceId: 't', maxSubscriptions: 50 });
  }

  get box(): HTMLTextAreaElement {
    return screen.getByRole('textbox', { name: 'Message' });
  }

  type(text: string): void {
    fireEvent.change(this.box, { target: { value: text } });
  }

  send(text: string): void {
    this.type(text);
    fireEvent.keyDown(this.box, { key: 'Enter' });
  }

  /** The texts of the messages that were sent, in order. */
  get sentTexts(): readonly string[] {
    return this.server.sockets.flatMap(({ sent }) =>
      sent.flatMap((frame) => (frame.type === 'send' ? frame.text : [])),
    );
  }
}

function BrowserButtons({ page }: { readonly page: ChatPage }) {
  page.navigate = useNavigate();
  return null;
}
