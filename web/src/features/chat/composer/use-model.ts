import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ModelInfo } from '#contract/models.ts';
import { useEntry } from '../../../api/entry-context.ts';
import { useChat } from '../chat-context.ts';
import { queryKeys } from '../live/message-cache.ts';

/** Whether the model that answers here is the demo. */
const demoKey = 'lamplight.demo';

export interface ModelState {
  readonly models: readonly ModelInfo[];
  /** Shown as chosen: the person's choice, else the conversation's last model, else the default. */
  readonly shown: string;
  /** To send along: only what the person chose in this conversation. */
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
  readonly isDemo: boolean;
}

export function useModel(conversationId: string | undefined, conversationModel: string | undefined): ModelState {
  const { api } = useChat();
  const { storage } = useEntry();
  const { data } = useQuery({
    queryKey: queryKeys.models,
    queryFn: ({ signal }) => api('GET /api/models', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [choice, setChoice] = useState<{ readonly conversationId: string | undefined; readonly id: string }>();
  const chosen = choice?.conversationId === conversationId ? choice?.id : undefined;
  const choose = (id: string) => setChoice({ conversationId, id });
  const models = data?.items ?? [];
  const isOffered = (id: string | undefined) => id !== undefined && models.some((model) => model.id === id);
  // Until a conversation's own is known, the last choice stays in sight: a conversation that just began has it.
  const shown = [chosen, conversationModel, choice?.id].find(isOffered) ?? data?.default ?? '';
  // What it was the last time, until it is known: so the room for saying so is there from the start.
  const isDemo = data ? models.some(({ id, demo }) => id === data.default && demo) : storage.getItem(demoKey) !== null;
  const isKnown = data !== undefined;
  useEffect(() => {
    if (isKnown && isDemo) storage.setItem(demoKey, 'yes');
    else if (isKnown) storage.removeItem(demoKey);
  }, [storage, isKnown, isDemo]);
  return { models, shown, chosen, choose, isDemo };
}
