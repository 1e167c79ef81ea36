import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import type { z } from 'zod';
import type { person, Role } from '#contract/accounts.ts';
import type { personChange } from '#contract/administration.ts';
import { toastError } from '../../ui/toast-error.ts';
import { useChat } from '../chat/chat-context.ts';
import { adminKeys } from './keys.ts';

export type Person = z.infer<typeof person>;
export type PersonChange = z.input<typeof personChange>;

export interface PeopleFilter {
  readonly q: string;
  readonly role: Role | undefined;
  readonly disabled: 'true' | 'false' | undefined;
}

/** People, the newest first, by pages. */
export function usePeople(filter: PeopleFilter, isAsked = true) {
  const { api } = useChat();
  return useInfiniteQuery({
    queryKey: [...adminKeys.people, filter],
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/admin/people', { query: { ...filter, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    enabled: isAsked,
  });
}

export function usePerson(id: string) {
  const { api } = useChat();
  return useQuery({
    queryKey: adminKeys.person(id),
    queryFn: ({ signal }) => api('GET /api/admin/people/:id', { params: { id }, signal }),
  });
}

/** What a change says when it is made, and when it is not. */
export interface Words {
  readonly done: string;
  readonly failed: string;
}

/** Changes a person; the page shows it when the server has it, for it takes something away from somebody. */
export function useChangePerson(id: string) {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: ({ change }: { readonly change: PersonChange; readonly words: Words }) =>
      api('PATCH /api/admin/people/:id', { params: { id }, body: change }),
    onSuccess: (changed, { words }) => {
      queries.setQueryData(adminKeys.person(id), changed);
      void queries.invalidateQueries({ queryKey: adminKeys.people });
      toast.success(words.done);
    },
    onError: (error, { words }) => toastError(words.failed, error),
  });
}

export function useEndSessions(id: string) {
  const { api } = useChat();
  return useMutation({
    mutationFn: (_: Words) => api('DELETE /api/admin/people/:id/sessions', { params: { id } }),
    onSuccess: (_, { done }) => void toast.success(done),
    onError: (error, { failed }) => toastError(failed, error),
  });
}

export function useDeletePerson(id: string) {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: (_: Words) => api('DELETE /api/admin/people/:id', { params: { id } }),
    onSuccess: (_, { done }) => {
      void queries.invalidateQueries({ queryKey: adminKeys.people });
      void queries.invalidateQueries({ queryKey: adminKeys.person(id), refetchType: 'none' });
      toast.success(done);
    },
    onError: (error, { failed }) => toastError(failed, error),
  });
}

const restMs = 250;

/** A text once nobody has typed for a moment: not every letter asks the server. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
