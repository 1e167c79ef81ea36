import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useEntry } from '../../api/entry-context.ts';
import { AccountLanguage } from '../account/account-language.tsx';
import { ChatContext } from './chat-context.ts';
import { ChatScreen } from './chat-screen.tsx';
import { connect, createChatClient } from './live/chat-client.ts';
import { loadAtFirstSign } from './messages/message-list.tsx';

/** The chat of one session: its connection lives as long as this. */
export function Chat() {
  const entry = useEntry();
  const [client] = useState(() => createChatClient(entry));
  useEffect(() => connect(client), [client]);
  useEffect(loadAtFirstSign, []);
  return (
    <ChatContext value={client}>
      <QueryClientProvider client={client.queries}>
        <AccountLanguage />
        <ChatScreen />
      </QueryClientProvider>
    </ChatContext>
  );
}
