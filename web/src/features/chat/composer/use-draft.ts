import { useEffect, useState } from 'react';
import { useChat } from '../chat-context.ts';
import { newConversationKey } from './drafts.ts';

/** The unsent text of a conversation (or of a new one), kept over reloads. */
export function useDraft(conversationId: string | undefined): readonly [string, (text: string) => void] {
  const { drafts } = useChat();
  const key = conversationId ?? newConversationKey;
  const [draft, setDraft] = useState({ key, text: drafts.get(key) });
  const text = draft.key === key ? draft.text : drafts.get(key);
  if (draft.key !== key) setDraft({ key, text });
  useEffect(() => drafts.subscribe(() => setDraft({ key, text: drafts.get(key) })), [drafts, key]);
  const set = (changed: string) => {
    setDraft({ key, text: changed });
    drafts.set(key, changed);
  };
  return [text, set];
}
