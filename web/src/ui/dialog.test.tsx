import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { toast } from 'sonner';
import { afterEach, expect, test, vi } from 'vitest';
import { Dialog } from './dialog.tsx';
import { Toasts } from './toasts.tsx';

afterEach(() => {
  cleanup();
  toast.dismiss();
});

const dialog = () => screen.getByRole<HTMLDialogElement>('dialog');

test('asks to be closed, and stays where that is refused, also where the browser closes it without asking', () => {
  const asked = vi.fn();
  render(
    <Dialog label="Key" onClose={asked}>
      shown once
    </Dialog>,
  );
  expect(fireEvent(dialog(), new Event('cancel', { cancelable: true }))).toBe(false);
  expect(asked).toHaveBeenCalledTimes(1);
  // As Chromium does at the second Escape in a row.
  act(() => dialog().close());
  fireEvent(dialog(), new Event('close'));
  expect(dialog().open).toBe(true);
  expect(asked).toHaveBeenCalledTimes(2);
});

test('is gone without a question once it is no longer wanted', () => {
  const asked = vi.fn();
  const { unmount } = render(
    <Dialog label="Key" onClose={asked}>
      shown once
    </Dialog>,
  );
  unmount();
  expect(screen.queryByRole('dialog')).toBe(null);
  expect(asked).not.toHaveBeenCalled();
});

test('has notifications in it, which nobody could reach outside, and gives them back', async () => {
  const page = (names: readonly string[]) => (
    <>
      <Toasts />
      {names.map((name) => (
        <Dialog key={name} label={name} onClose={() => {}}>
          {name}
        </Dialog>
      ))}
    </>
  );
  const { rerender } = render(page(['first']));
  act(() => void toast('Renamed'));
  const within = async () => (await screen.findByText('Renamed')).closest('dialog')?.getAttribute('aria-label');
  expect(await within()).toBe('first');
  rerender(page(['first', 'second']));
  expect(await within()).toBe('second');
  rerender(page(['first']));
  expect(await within()).toBe('first');
  rerender(page([]));
  expect(await within()).toBe(undefined);
});
