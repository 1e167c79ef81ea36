import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ModelInfo } from '#contract/models.ts';
import { useChat } from './chat-context.ts';
import { queryKeys } from './message-cache.ts';

interface ModelState {
  readonly models: readonly ModelInfo[];
  /** Shown as chosen: the person's choice, else the conversation's last model, else the default. */
  readonly shown: string;
  /** To send along: only what the person chose. */
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
  readonly isDemo: boolean;
}

export function useModel(conversationModel: string | undefined): ModelState {
  const { api } = useChat();
  const { data } = useQuery({
    queryKey: queryKeys.models,
    queryFn: ({ signal }) => api('GET /api/models', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [chosen, choose] = useState<string>();
  const models = data?.items ?? [];
  const isOffered = (id: string | undefined) => id !== undefined && models.some((model) => model.id === id);
  const shown = [chosen, conversationModel].find(isOffered) ?? data?.default ?? '';
  return { models, shown, chosen, choose, isDemo: models.some(({ id, demo }) => id === data?.default && demo) };
}
