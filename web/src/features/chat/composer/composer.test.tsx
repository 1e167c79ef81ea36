import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { createRef } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Composer } from './composer.tsx';

function show(text: string, onStop?: () => void) {
  const onSend = vi.fn();
  const onText = vi.fn();
  render(<Composer text={text} onText={onText} onSend={onSend} onStop={onStop} box={createRef()} />);
  return { onSend, onText, box: screen.getByRole('textbox', { name: 'Message' }) };
}

afterEach(cleanup);

describe('Composer', () => {
  test('sends with Enter and with the button', () => {
    const { onSend, box } = show('hello');
    fireEvent.keyDown(box, { key: 'Enter' });
    fireEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(onSend).toHaveBeenCalledTimes(2);
  });

  test('leaves Shift+Enter, other keys and a composition alone', () => {
    const { onSend, box } = show('hello');
    fireEvent.keyDown(box, { key: 'Enter', shiftKey: true });
    fireEvent.keyDown(box, { key: 'a' });
    fireEvent.keyDown(box, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
    expect(onSend).not.toHaveBeenCalled();
  });

  test('does not send an empty text', () => {
    const { onSend, box } = show('  \n');
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(screen.getByRole('button', { name: 'Send' })).toHaveProperty('disabled', true);
    expect(onSend).not.toHaveBeenCalled();
  });

  test('says before sending that a text is too long', () => {
    const { onSend, box } = show('a'.repeat(100_001));
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(screen.getByRole('alert').textContent).toMatch(/1 character too long/);
    expect(box.getAttribute('aria-invalid')).toBe('true');
    expect(onSend).not.toHaveBeenCalled();
  });

  test('offers to stop while an answer is written, and keeps what is typed', () => {
    const onStop = vi.fn();
    const { onSend, onText, box } = show('next', onStop);
    expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
    fireEvent.keyDown(box, { key: 'Enter' });
    fireEvent.change(box, { target: { value: 'next one' } });
    fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(onSend).not.toHaveBeenCalled();
    expect(onText).toHaveBeenCalledWith('next one');
    expect(onStop).toHaveBeenCalledOnce();
  });
});
