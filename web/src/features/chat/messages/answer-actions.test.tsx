import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { message } from '../server.fixture.ts';
import { AnswerDetail } from './answer-detail.tsx';
import { ReadAloud } from './read-aloud.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the detail of an answer', () => {
  const open = (changes: Parameters<typeof message>[1]) => {
    render(<AnswerDetail message={message('m2', { role: 'assistant', ...changes })} />);
    fireEvent.click(screen.getByRole('button', { name: 'About this answer' }));
    return screen.getByRole('dialog', { name: 'About this answer' }).textContent ?? '';
  };

  test('tells the model, the tokens, how long it took, and the ID that logs know', () => {
    const shown = open({
      model: 'lamp-1',
      usage: { inputTokens: 1200, outputTokens: 34, thinkingTokens: 5, estimated: false },
      traceId: 'feedbeef',
      createdAt: '2026-01-01T20:00:00.000Z',
      endedAt: '2026-01-01T20:00:02.500Z',
    });
    for (const part of ['lamp-1', '1,200', '34', '2.5 sec', 'feedbeef']) expect(shown).toContain(part);
  });

  test.each([
    ['2026-01-01T20:00:00.040Z', '40 ms'],
    ['2026-01-01T20:00:01.000Z', '1 sec'],
    ['2026-01-01T20:00:41.700Z', '42 sec'],
  ])('says how long it took until %s as %s', (endedAt, took) => {
    expect(open({ createdAt: '2026-01-01T20:00:00.000Z', endedAt })).toContain(`Took${took}`);
  });

  test('says that tokens are estimated, and has the ID of an error', () => {
    const shown = open({
      usage: { inputTokens: 10, outputTokens: 3, estimated: true },
      error: { code: 'internal', message: 'No.', traceId: 'badcafe' },
    });
    expect(shown).toContain('about 10');
    expect(shown).toContain('badcafe');
    expect(shown).not.toContain('Took');
  });
});

describe('reading aloud', () => {
  class Utterance {
    lang = '';
    onstart = () => {};
    onend = () => {};
    onerror = () => {};
    readonly text: string;
    constructor(text: string) {
      this.text = text;
    }
  }
  const show = (markup: string) => {
    const spoken: Utterance[] = [];
    const cancel = vi.fn();
    vi.stubGlobal('speechSynthesis', { speak: (each: Utterance) => void spoken.push(each), cancel });
    vi.stubGlobal('SpeechSynthesisUtterance', Utterance);
    const answer = document.createElement('article');
    answer.innerHTML = `<div class="answer-text">${markup}</div>`;
    render(<ReadAloud answer={() => answer} />);
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    return { spoken, cancel };
  };

  test('says what is shown, sentence by sentence, each once, and no code', () => {
    const { spoken } = show('<p>One. <b>Two</b>?</p><pre>x = 1</pre><ul><li>Three<ul><li>Four</li></ul></li></ul>');
    expect(spoken.map(({ text }) => text)).toEqual(['One.', 'Two?', 'Three', 'Four']);
  });

  test('goes silent when it is told to, and at its end', () => {
    const { spoken, cancel } = show('<p>One.</p>');
    const before = cancel.mock.calls.length;
    fireEvent.click(screen.getByRole('button', { name: 'Stop reading' }));
    expect(cancel.mock.calls.length).toBe(before + 1);
    fireEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
    act(() => spoken.at(-1)?.onend());
    expect(screen.getByRole('button', { name: 'Read aloud' })).toBeTruthy();
  });

  test('is not offered by a browser without a voice', () => {
    vi.stubGlobal('speechSynthesis', undefined);
    render(<ReadAloud answer={() => undefined} />);
    expect(screen.queryByRole('button')).toBeNull();
  });
});
