import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { toast } from 'sonner';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newConversationKey } from '../chat/composer/drafts.ts';
import { refuse } from '../chat/server.fixture.ts';
import { day, hello, LibraryServer } from '../library/library.fixture.ts';

let server: LibraryServer;
const create = 'POST /api/prompts';
const fillHello = 'POST /api/prompts/hello/fill';

beforeEach(() => {
  server = new LibraryServer();
});
afterEach(() => {
  cleanup();
  toast.dismiss();
  vi.unstubAllGlobals();
});

const click = async (name: string) => void fireEvent.click(await screen.findByRole('button', { name }));
/** Conversations in the sidebar can be deleted too. */
const clickDelete = async () =>
  void fireEvent.click(await within(screen.getByRole('main')).findByRole('button', { name: 'Delete' }));
const fill = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const heading = (name: string) => screen.findByRole('heading', { level: 1, name });

describe('prompts', () => {
  test('are mine and the library’s, and each opens', async () => {
    await server.open('/prompts');
    const mine = within(await screen.findByRole('region', { name: 'Yours' }));
    expect(mine.getByText('1 gap to fill in')).toBeTruthy();
    const library = within(screen.getByRole('region', { name: 'From the library' }));
    fireEvent.click(library.getByRole('link', { name: 'The day' }));
    expect(await heading('The day')).toBeTruthy();
    expect(screen.getByText('From the library')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
  });

  test('are searched', async () => {
    await server.open('/prompts');
    await screen.findByRole('link', { name: 'Hello' });
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search prompts' }), { target: { value: 'about my' } });
    await waitFor(() => expect(screen.queryByRole('link', { name: 'Hello' })).toBeNull());
    expect(screen.getByRole('link', { name: 'The day' })).toBeTruthy();
  });

  test('that I have none of say what they are for', async () => {
    server.prompts = [day];
    await server.open('/prompts');
    fireEvent.click(await screen.findByRole('link', { name: 'Write a prompt' }));
    expect(await heading('New prompt')).toBeTruthy();
  });

  test('that cannot be loaded say so, in the list and by themselves', async () => {
    server.others.set('GET /api/prompts', () => refuse('forbidden', 403));
    await server.open('/prompts');
    expect(await screen.findByText('Your prompts could not be loaded')).toBeTruthy();
    cleanup();
    server.sockets.length = 0;
    await server.open('/prompts/hello');
    expect(await screen.findByText('The prompt could not be loaded')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Copy trace ID feedbeef00000000' })).toBeTruthy();
    server.others.set('GET /api/prompts', () => [200, { items: [hello] }]);
    await click('Load them again');
    expect(await heading('Hello')).toBeTruthy();
  });

  test('show that they are on their way', async () => {
    const { fetch } = server;
    vi.stubGlobal('fetch', (input: string, init?: RequestInit) =>
      input.startsWith('/api/prompts') ? new Promise(() => {}) : fetch(input, init),
    );
    await server.open('/prompts/hello');
    expect(await screen.findByText('Loading')).toBeTruthy();
  });
});

describe('a prompt', () => {
  const written = { title: 'Hello', text: 'Say hello to {{name}}.' };
  const write = () => {
    fill('Name', written.title);
    fill('Text', written.text);
  };

  test('is written, saved, and can be tried at once', async () => {
    server.prompts = [day];
    server.others.set(create, () => {
      server.prompts = [hello, day];
      return [201, hello];
    });
    await server.open('/prompts/new');
    await screen.findByLabelText('Name');
    expect(screen.getByText(/as in \{\{name\}\}/)).toBeTruthy();
    write();
    await click('Save');
    expect(await screen.findByText('“Hello” is saved')).toBeTruthy();
    expect(await heading('Hello')).toBeTruthy();
    expect(server.sentTo(create)).toEqual(written);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('without name or text is warned of and not sent', async () => {
    await server.open('/prompts/new');
    await screen.findByLabelText('Name');
    fill('Name', ' ');
    await click('Save');
    expect(await screen.findByText('The prompt is not saved: something is empty')).toBeTruthy();
    expect(screen.getByText('Give the prompt a name.')).toBeTruthy();
    expect(screen.getByText('Write what the prompt says.')).toBeTruthy();
    expect(server.sentTo(create)).toBeUndefined();
  });

  test('that the server refuses keeps what was written, and says why at the field', async () => {
    const details = [{ path: 'text', message: 'A prompt has at most 20 variables; this one has 21.' }];
    server.others.set(create, () => [
      400,
      { error: { code: 'invalid_request', message: 'It is not right.', traceId: 'feedbeef', details } },
    ]);
    await server.open('/prompts/new');
    await screen.findByLabelText('Name');
    write();
    await click('Save');
    expect(await screen.findByText(details[0]?.message ?? '')).toBeTruthy();
    expect(screen.getByLabelText('Text')).toHaveProperty('value', written.text);
    expect(screen.getByLabelText('Text').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getAllByText('It was not saved')).toHaveLength(2);
  });

  test('is changed', async () => {
    const changed = { ...hello, title: 'Hello again' };
    server.others.set('PATCH /api/prompts/hello', () => {
      server.prompts = [changed, day];
      return [200, changed];
    });
    await server.open('/prompts/hello');
    await click('Edit');
    expect(await heading('Edit Hello')).toBeTruthy();
    fill('Name', 'Hello again');
    await click('Save');
    expect(await heading('Hello again')).toBeTruthy();
    expect(server.sentTo('PATCH /api/prompts/hello')).toEqual({ title: 'Hello again', text: hello.text });
  });

  test('that was changed and not saved is not left without a question', async () => {
    await server.open('/prompts/hello');
    await click('Edit');
    fill('Text', 'Something else');
    fireEvent.click(screen.getByRole('link', { name: 'Stories' }));
    const question = within(await screen.findByRole('dialog', { name: 'Leave without saving?' }));
    fireEvent.click(question.getByRole('button', { name: 'Keep' }));
    expect(screen.getByLabelText('Text')).toHaveProperty('value', 'Something else');
    await click('Cancel');
    await click('Leave');
    expect(await heading('Hello')).toBeTruthy();
    fireEvent.click(screen.getByRole('link', { name: 'Stories' }));
    expect(await heading('Stories')).toBeTruthy();
  });

  test('is deleted after a question', async () => {
    server.others.set('DELETE /api/prompts/hello', () => {
      server.prompts = [day];
      return [204];
    });
    await server.open('/prompts/hello');
    await clickDelete();
    fireEvent.click(
      within(screen.getByRole('dialog', { name: 'Delete prompt?' })).getByRole('button', { name: 'Delete' }),
    );
    expect(await screen.findByText('“Hello” is deleted')).toBeTruthy();
    expect(await heading('Prompts')).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Hello' })).toBeNull();
  });

  test('that could not be deleted stays, and says so', async () => {
    server.others.set('DELETE /api/prompts/hello', () => refuse('store_unavailable', 503));
    await server.open('/prompts/hello');
    await clickDelete();
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('“Hello” was not deleted')).toBeTruthy();
    expect(await heading('Hello')).toBeTruthy();
  });

  test('of the library becomes mine', async () => {
    const own = { ...day, id: 'own', source: 'mine' as const };
    server.others.set(create, () => {
      server.prompts = [own, hello, day];
      return [201, own];
    });
    await server.open('/prompts/day');
    await click('Copy to mine');
    expect(await screen.findByText('“The day” is among yours now')).toBeTruthy();
    expect(await screen.findByRole('button', { name: 'Edit' })).toBeTruthy();
    expect(server.sentTo(create)).toEqual({ title: day.title, text: day.text });
  });

  test('that is not there says so', async () => {
    await server.open('/prompts/other');
    expect(await screen.findByText('This prompt is not here')).toBeTruthy();
    fireEvent.click(screen.getByRole('link', { name: 'Show all prompts' }));
    expect(await screen.findByRole('link', { name: 'Hello' })).toBeTruthy();
  });
});

describe('a prompt that is tried', () => {
  const filled = 'Say hello to Mila.';
  const tryIt = async () => {
    await screen.findByRole('heading', { name: 'Try it' });
    fill('name', 'Mila');
    await click('Fill in');
  };

  test('shows its text filled in, and takes it back where a value changes', async () => {
    server.others.set(fillHello, () => [200, { text: filled }]);
    await server.open('/prompts/hello');
    await tryIt();
    expect(await screen.findByText(filled)).toBeTruthy();
    expect(screen.getByText('The text is filled in')).toBeTruthy();
    expect(server.sentTo(fillHello)).toEqual({ values: { name: 'Mila' } });
    fill('name', 'Otto');
    await waitFor(() => expect(screen.queryByText(filled)).toBeNull());
  });

  test('begins a chat as its draft, and sends nothing by itself', async () => {
    server.others.set(fillHello, () => [200, { text: filled }]);
    await server.open('/prompts/hello');
    await tryIt();
    await click('Start a chat with it');
    expect(await screen.findByRole('textbox', { name: 'Message' })).toHaveProperty('value', filled);
    expect(await screen.findByText('The text is in the box. Send it when you are ready.')).toBeTruthy();
  });

  test('stands below what was begun to be written before', async () => {
    await server.open('/');
    fireEvent.change(await screen.findByRole('textbox', { name: 'Message' }), { target: { value: 'Dear model,' } });
    fireEvent.click(screen.getByRole('link', { name: 'Prompts' }));
    fireEvent.click(await screen.findByRole('link', { name: 'The day' }));
    await click('Start a chat with it');
    expect(await screen.findByRole('textbox', { name: 'Message' })).toHaveProperty(
      'value',
      `Dear model,\n\n${day.text}`,
    );
    expect(localStorage.getItem('lamplight.drafts')).toContain(newConversationKey);
    expect(screen.getByText('The text stands below what you had written.')).toBeTruthy();
  });

  test('begins a story', async () => {
    await server.open('/prompts/day');
    const link = await screen.findByRole('link', { name: 'Begin a story with it' });
    expect(link.getAttribute('href')).toBe('/stories/new?prompt=day');
  });

  test('with a gap left empty is warned of at the gap, and not sent', async () => {
    await server.open('/prompts/hello');
    await click('Fill in');
    expect(await screen.findByText('Some gaps are still empty')).toBeTruthy();
    expect(screen.getByText('Fill this in.')).toBeTruthy();
    expect(server.sentTo(fillHello)).toBeUndefined();
  });

  test('that comes to nothing is warned of, and cannot be sent', async () => {
    server.others.set(fillHello, () => [200, { text: ' ' }]);
    await server.open('/prompts/hello');
    await tryIt();
    expect(await screen.findByText('The text is empty. Nothing can be sent with it.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Start a chat with it' })).toBeNull();
  });

  test('that the server refuses says why at the gap', async () => {
    const details = [{ path: 'values.name', message: 'This is to be filled in.' }];
    server.others.set(fillHello, () => [
      400,
      { error: { code: 'invalid_request', message: 'The prompt needs: name.', traceId: 'feedbeef', details } },
    ]);
    await server.open('/prompts/hello');
    await tryIt();
    expect(await screen.findByText('This is to be filled in.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Copy trace ID feedbeef' })).toBeTruthy();
  });
});
