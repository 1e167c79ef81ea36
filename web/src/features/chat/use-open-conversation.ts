import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useLocation, useMatch, useNavigate } from 'react-router';
import { toast } from 'sonner';
import { useChat } from './chat-context.ts';
import { newConversationKey } from './composer/drafts.ts';
import type { ChatEvent } from './live/live-updates.ts';

interface OpenConversation {
  readonly conversationId: string | undefined;
  readonly isNew: boolean;
  /** Shows a conversation in the place of another at once, and has the router change the address when it finds the time. */
  readonly open: (conversationId: string) => void;
}

/**
 * The conversation that is open; the address follows what happens: one that began here gets its own, a deleted one is left. What is
 * opened is there before the address changes, so that nobody waits for the router, and what is typed in between is its own.
 */
export function useOpenConversation(): OpenConversation {
  const { t } = useTranslation('chat');
  const { drafts, live } = useChat();
  const navigate = useNavigate();
  const addressed = useMatch('/c/:conversationId')?.params.conversationId;
  const isAtStart = useMatch('/') !== null;
  const { key } = useLocation();
  const [opened, setOpened] = useState<{ readonly id: string; readonly at: string }>();
  // The address has changed: it says what is open.
  if (opened && opened.at !== key) setOpened(undefined);
  const conversationId = opened?.at === key ? opened.id : addressed;
  const isNew = isAtStart && conversationId === undefined;
  // Any other place may ask before it is left.
  const isChat = isAtStart || addressed !== undefined;
  const here = { isChat, key, addressed, navigate };
  const place = useRef(here);
  useLayoutEffect(() => {
    place.current = here;
  });
  // Always the same, so that the rows of the sidebar are not all drawn anew with every conversation that is opened.
  const open = useCallback((id: string) => {
    const { isChat, key, addressed, navigate } = place.current;
    if (isChat) flushSync(() => setOpened({ id, at: key }));
    void navigate(`/c/${id}`, { replace: id === addressed });
  }, []);
  /** One that is gone leaves what was written for it, sent or not, to a new one. */
  const keepTexts = useEffectEvent(({ conversationId: id, isOwn, unsent }: Extract<ChatEvent, { type: 'deleted' }>) => {
    const isOpen = id === conversationId;
    const texts = [...unsent, drafts.get(id)].filter((text) => text.trim());
    drafts.set(id, '');
    if (isOpen) void navigate('/', { replace: true });
    if (isOwn) return;
    if (texts.length > 0) {
      drafts.append(newConversationKey, texts.join('\n\n'));
      toast(
        t(unsent.length > 0 ? 'conversation.unsentGone' : 'conversation.deletedElsewhere', { count: unsent.length }),
        {
          description: t('conversation.textKept'),
          duration: 10_000,
          ...(!isOpen && { action: { label: t('conversation.openDraft'), onClick: () => void navigate('/') } }),
        },
      );
    } else if (isOpen) toast(t('conversation.deletedElsewhere'));
  });
  useEffect(
    () =>
      live.listen((event) => {
        if (event.type === 'began' && isNew) {
          // What was written since goes along, unless another tab has seen to that.
          const begun = drafts.get(newConversationKey);
          if (begun) drafts.set(event.conversationId, begun);
          drafts.set(newConversationKey, '');
          open(event.conversationId);
        }
        if (event.type === 'deleted') keepTexts(event);
      }),
    [drafts, live, isNew, open],
  );
  return { conversationId, isNew, open };
}
