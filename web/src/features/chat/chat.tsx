import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Toaster } from 'sonner';
import { useEntry } from '../../api/entry-context.ts';
import { connect, createChatClient } from './chat-client.ts';
import { ChatContext } from './chat-context.ts';
import { ChatScreen } from './chat-screen.tsx';

/** The chat of one session: its connection lives as long as this. */
export function Chat() {
  const entry = useEntry();
  const [client] = useState(() => createChatClient(entry));
  useEffect(() => connect(client), [client]);
  return (
    <ChatContext value={client}>
      <QueryClientProvider client={client.queries}>
        <ChatScreen />
        <Toaster
          position="top-center"
          offset={16}
          toastOptions={{
            classNames: {
              toast: '!rounded-card !border !border-line !bg-surface !text-ink !font-sans !text-body !shadow-raised',
              description: '!text-ink-soft',
            },
          }}
        />
      </QueryClientProvider>
    </ChatContext>
  );
}
