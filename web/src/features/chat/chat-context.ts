import { createContext, useContext } from 'react';
import type { ChatClient } from './live/chat-client.ts';

export const ChatContext = createContext<ChatClient | undefined>(undefined);

export function useChat(): ChatClient {
  const client = useContext(ChatContext);
  if (!client) throw new Error('useChat needs a ChatContext above it.');
  return client;
}
