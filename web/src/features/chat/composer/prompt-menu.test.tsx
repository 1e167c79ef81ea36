import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { Prompt } from '#contract/story-parts.ts';
import { ChatPage } from '../page.fixture.tsx';
import { refuse } from '../server.fixture.ts';
import { matchingPrompts } from './use-prompts.ts';

const page = ChatPage.forEach();
const list = 'GET /api/prompts';
const prompt = (id: string, title: string, text: string, variables: string[] = []): Prompt => ({
  id,
  source: 'mine',
  title,
  text,
  variables,
  createdAt: '2026-01-01T00:00:00.000Z',
});
const all = [
  prompt('p1', 'Translate', 'Translate to {{language}}: {{text}}', ['language', 'text']),
  prompt('p2', 'Summary', 'Sum this up.'),
  prompt('p3', 'Word list', 'List the hard words.'),
];
const give = (prompts: readonly Prompt[]) => page.server.others.set(list, () => [200, { items: prompts }]);
const press = (key: string) => fireEvent.keyDown(page.box, { key });
const options = () => screen.getAllByRole('option').map(({ textContent }) => textContent);
const active = () => document.getElementById(page.box.getAttribute('aria-activedescendant') ?? '')?.textContent;

describe('the saved prompts', () => {
  test('are offered where a message begins with /, chosen by keys and put into the box', async () => {
    give(all);
    await page.open('/');
    page.type('/');
    const listbox = await screen.findByRole('listbox', { name: 'Saved prompts' });
    await waitFor(() => expect(options()).toHaveLength(3));
    expect(page.box.getAttribute('aria-controls')).toBe(listbox.id);
    expect(active()).toMatch(/^Translate/);
    press('ArrowDown');
    expect(active()).toMatch(/^Summary/);
    press('ArrowUp');
    press('ArrowUp');
    expect(active()).toMatch(/^Word list/);
    press('ArrowDown');
    press('ArrowDown');
    press('Enter');
    expect(page.box.value).toBe('Sum this up.');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(page.box.hasAttribute('aria-controls')).toBe(false);
    expect(page.sentTexts).toEqual([]);
  });

  test('are filtered as one types, and clicked', async () => {
    give(all);
    await page.open('/');
    page.type('/words');
    await waitFor(() => expect(options()).toEqual(['Word listList the hard words.']));
    fireEvent.click(screen.getByRole('option'));
    expect(page.box.value).toBe('List the hard words.');
  });

  test('are read from all pages', async () => {
    page.server.others.set(list, (query) =>
      query.has('cursor') ? [200, { items: all.slice(2) }] : [200, { items: all.slice(0, 2), nextCursor: 'more' }],
    );
    await page.open('/');
    page.type('/');
    await waitFor(() => expect(options()).toHaveLength(3));
  });

  test('go away with Escape, and come back with the next /', async () => {
    give(all);
    await page.open('/');
    page.type('/s');
    await screen.findAllByRole('option');
    press('Escape');
    expect(screen.queryByRole('listbox')).toBeNull();
    page.type('/su');
    expect(screen.queryByRole('listbox')).toBeNull();
    page.type('');
    page.type('/s');
    await screen.findAllByRole('option');
  });

  test('do not keep a message back that only begins like one', async () => {
    give(all);
    await page.open('/');
    page.type('/etc/hosts');
    await screen.findByText('No prompt has these words. Enter sends them as they are.');
    press('Enter');
    expect(page.sentTexts).toEqual(['/etc/hosts']);
  });

  test('say that there are none', async () => {
    give([]);
    await page.open('/');
    page.type('/');
    await screen.findByText('You have no saved prompts yet.');
  });

  test('say that they could not be loaded, and are asked for again', async () => {
    page.server.others.set(list, () => refuse('forbidden', 403));
    await page.open('/');
    page.type('/');
    await screen.findByText('Your prompts could not be loaded');
    give(all);
    const again = screen.getByRole('button', { name: 'Load them again' });
    // A press leaves the focus in the box, and who gets there by Tab has not left either.
    expect(fireEvent.mouseDown(again)).toBe(false);
    fireEvent.blur(page.box, { relatedTarget: again });
    fireEvent.click(again);
    await waitFor(() => expect(options()).toHaveLength(3));
  });

  test('close when the focus leaves them for what is beside', async () => {
    page.server.others.set(list, () => refuse('forbidden', 403));
    await page.open('/');
    page.type('/');
    const again = await screen.findByRole('button', { name: 'Load them again' });
    fireEvent.blur(again, { relatedTarget: page.box });
    expect(screen.queryByText('Your prompts could not be loaded')).not.toBe(null);
    fireEvent.blur(again, { relatedTarget: screen.getByRole('button', { name: 'Send' }) });
    expect(screen.queryByText('Your prompts could not be loaded')).toBe(null);
  });

  test('with gaps ask for what is missing, and are filled by the server', async () => {
    give(all);
    page.server.others.set('POST /api/prompts/p1/fill', () => refuse('not_found', 404));
    await page.open('/');
    page.type('/trans');
    await screen.findByRole('option');
    press('Enter');
    const dialog = await screen.findByRole('dialog', { name: 'Translate' });
    fireEvent.change(within(dialog).getByLabelText('language'), { target: { value: 'Spanish' } });
    fireEvent.change(within(dialog).getByLabelText('text'), { target: { value: 'Good night' } });
    fireEvent.submit(within(dialog).getByLabelText('text'));
    await within(dialog).findByText('The prompt was not filled in. What you wrote is kept.');
    page.server.others.set('POST /api/prompts/p1/fill', () => [200, { text: 'Translate to Spanish: Good night' }]);
    fireEvent.submit(within(dialog).getByLabelText('text'));
    await waitFor(() => expect(page.box.value).toBe('Translate to Spanish: Good night'));
    expect(page.server.bodies.at(-1)?.[1]).toEqual({ values: { language: 'Spanish', text: 'Good night' } });
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(page.sentTexts).toEqual([]);
  });

  test('leave what was typed where the form is cancelled', async () => {
    give(all);
    await page.open('/');
    page.type('/trans');
    await screen.findByRole('option');
    press('Enter');
    fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(page.box.value).toBe('/trans');
    expect(screen.getByRole('option')).toBeTruthy();
  });
});

test('a title that begins with the words comes first', () => {
  expect(matchingPrompts(all, 'word').map(({ id }) => id)).toEqual(['p3']);
  expect(matchingPrompts(all, 'TR').map(({ id }) => id)).toEqual(['p1']);
  expect(matchingPrompts([prompt('a', 'On trains', ''), ...all], 'tr').map(({ id }) => id)).toEqual(['p1', 'a']);
  expect(matchingPrompts(all, '')).toHaveLength(3);
});
