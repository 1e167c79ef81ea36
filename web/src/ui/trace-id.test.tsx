import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { CopyButton } from './copy-button.tsx';
import { TraceId } from './trace-id.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const clipboard = (writeText: (text: string) => Promise<void>) =>
  vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });

test('copies the whole ID, and says so', async () => {
  const copied = vi.fn(async () => {});
  clipboard(copied);
  render(<TraceId id="abcdef0123456789" />);
  await act(async () => fireEvent.click(screen.getByRole('button')));
  expect(copied).toHaveBeenCalledWith('abcdef0123456789');
  expect(screen.getByRole('button', { name: 'Trace ID copied' })).toBeTruthy();
});

test('shows the whole ID where the browser refuses to copy', async () => {
  clipboard(() => Promise.reject(new Error('refused')));
  render(<TraceId id="abcdef0123456789" />);
  expect(screen.getByText('abcdef0123456789').className).toContain('truncate');
  await act(async () => fireEvent.click(screen.getByRole('button')));
  expect(screen.getByText('abcdef0123456789').className).not.toContain('truncate');
});

test('a copy button says how it went', async () => {
  clipboard(async () => {});
  render(<CopyButton label="Copy answer" text={() => 'text'} />);
  await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Copy answer' })));
  expect(screen.getByRole('button', { name: 'Copied' })).toBeTruthy();
});
