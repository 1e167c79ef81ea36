import { useMutation } from '@tanstack/react-query';
import i18next from 'i18next';
import { toast } from 'sonner';
import { useChat } from '../chat/chat-context.ts';
import { newConversationKey } from '../chat/composer/drafts.ts';

/** The text of a prompt with its gaps filled. */
export function useFillPrompt(id: string) {
  const { api } = useChat();
  return useMutation({
    mutationFn: (values: Readonly<Record<string, string>>) =>
      api('POST /api/prompts/:id/fill', { params: { id }, body: { values } }),
  });
}

/** Puts a text where a new chat is written; what was begun there stays above it. */
export function useNewChat(): (text: string) => void {
  const { drafts } = useChat();
  return (text) => {
    const begun = drafts.get(newConversationKey).trim();
    const isAlone = begun === '' || begun === text;
    drafts.set(newConversationKey, isAlone ? text : `${begun}\n\n${text}`);
    toast.success(i18next.t(isAlone ? 'prompts:try.placed' : 'prompts:try.placedBelow'));
  };
}
