import { useState } from 'react';
import { useEntry } from '../../api/entry-context.ts';
import { useChat } from '../chat/chat-context.ts';
import { toastError } from '../chat/use-conversations.ts';

/** What the account dialog does at a click, without asking for more. */
export function useAccountActions() {
  const { session, api } = useEntry();
  const { drafts } = useChat();
  const [isBusy, setBusy] = useState(false);
  const act = async (what: string, work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      toastError(what, error);
    } finally {
      setBusy(false);
    }
  };
  return {
    isBusy,
    download: () =>
      act('Your data could not be downloaded', async () => {
        save(await api('GET /api/me/export', { as: 'file' }), 'lamplight-data.json');
      }),
    leaveEverywhere: () =>
      act('You are still signed in elsewhere', async () => {
        await session.endBy(() => api('DELETE /api/me/sessions', {}));
        drafts.clear();
      }),
  };
}

/** Gives a file to the browser to keep. */
function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it by then; kept longer, it would hold the memory.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
