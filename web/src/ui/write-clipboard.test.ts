import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeClipboard } from './write-clipboard.ts';

beforeEach(() => vi.stubGlobal('navigator', { clipboard: undefined }));
afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

/** Stands in for the browser's command, and tells what was marked when it was given. */
function command(isDone: boolean): () => string | undefined {
  let marked: string | undefined;
  document.execCommand = (name) => {
    const box = document.activeElement;
    if (name === 'copy' && box instanceof HTMLTextAreaElement)
      marked = box.value.slice(box.selectionStart, box.selectionEnd);
    return isDone;
  };
  return () => marked;
}

test('copies by the older command where a page has no clipboard, and leaves the focus where it was', async () => {
  const marked = command(true);
  const button = document.body.appendChild(document.createElement('button'));
  button.focus();
  await writeClipboard('two\nlines');
  expect(marked()).toBe('two\nlines');
  expect(document.activeElement).toBe(button);
  expect(document.querySelector('textarea')).toBe(null);
});

test('fails where that is refused', async () => {
  command(false);
  await expect(writeClipboard('text')).rejects.toThrow('clipboard');
  expect(document.querySelector('textarea')).toBe(null);
});
