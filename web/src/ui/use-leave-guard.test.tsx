import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { BrowserRouter, Link, MemoryRouter, Route, Routes, useNavigate } from 'react-router';
import { afterEach, describe, expect, test } from 'vitest';
import { announcePops } from './pop-notice.ts';
import { useLeaveGuard } from './use-leave-guard.tsx';

afterEach(cleanup);

function Form() {
  const [text, setText] = useState('');
  const { leave, leaveSaved, dialog } = useLeaveGuard(text !== '');
  const navigate = useNavigate();
  const home = () => void navigate('/');
  return (
    <>
      <input aria-label="text" value={text} onChange={(event) => setText(event.target.value)} />
      <Link to="/">link</Link>
      <button type="button" onClick={home}>
        button
      </button>
      <button type="button" onClick={() => leave(home)}>
        close
      </button>
      <button type="button" onClick={() => leaveSaved(home)}>
        save
      </button>
      {dialog}
    </>
  );
}

const pages = (
  <Routes>
    <Route
      path="/"
      element={
        <Link to="/form">
          <h1>home</h1>
        </Link>
      }
    />
    <Route path="/form" element={<Form />} />
  </Routes>
);
const write = () => fireEvent.change(screen.getByLabelText('text'), { target: { value: 'words' } });
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
const question = () => screen.queryByRole('dialog', { name: 'Leave without saving?' });

describe('useLeaveGuard', () => {
  const open = () => {
    render(<MemoryRouter initialEntries={['/form']}>{pages}</MemoryRouter>);
  };

  test.each(['link', 'button', 'close'])('asks before what was written is left by a %s', async (way) => {
    open();
    write();
    fireEvent.click(screen.getByText(way));
    expect(question()).toBeTruthy();
    press('Keep');
    expect(question()).toBeNull();
    expect(screen.getByLabelText('text')).toHaveProperty('value', 'words');
    fireEvent.click(screen.getByText(way));
    press('Leave');
    expect(await screen.findByText('home')).toBeTruthy();
  });

  test.each(['link', 'button', 'close'])('lets whoever has written nothing go by a %s', async (way) => {
    open();
    fireEvent.click(screen.getByText(way));
    expect(await screen.findByText('home')).toBeTruthy();
  });

  test('asks nothing once it is saved, and holds nothing afterwards', async () => {
    open();
    write();
    press('save');
    fireEvent.click(await screen.findByText('home'));
    expect(await screen.findByLabelText('text')).toBeTruthy();
  });

  test('has the browser ask before the window is closed', () => {
    open();
    expect(fireEvent(window, new Event('beforeunload', { cancelable: true }))).toBe(true);
    write();
    expect(fireEvent(window, new Event('beforeunload', { cancelable: true }))).toBe(false);
  });

  test('asks before going back in the browser', async () => {
    window.history.replaceState(null, '', '/');
    announcePops();
    render(<BrowserRouter>{pages}</BrowserRouter>);
    fireEvent.click(screen.getByText('home'));
    await screen.findByLabelText('text');
    write();
    window.history.back();
    expect(await screen.findByRole('dialog', { name: 'Leave without saving?' })).toBeTruthy();
    press('Keep');
    expect(screen.getByLabelText('text')).toHaveProperty('value', 'words');
    await expect.poll(() => window.location.pathname).toBe('/form');
    window.history.back();
    await screen.findByRole('dialog', { name: 'Leave without saving?' });
    press('Leave');
    expect(await screen.findByText('home')).toBeTruthy();
    expect(window.location.pathname).toBe('/');
  });
});
