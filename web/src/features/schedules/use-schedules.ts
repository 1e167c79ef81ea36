import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import type { z } from 'zod';
import type { newSchedule, Schedule, Timing } from '#contract/schedules.ts';
import { newId } from '../../api/new-id.ts';
import { toastError } from '../../ui/toast-error.ts';
import { useChat } from '../chat/chat-context.ts';
import { queryKeys } from '../chat/live/message-cache.ts';

export type NewSchedule = z.input<typeof newSchedule>;

/** My schedules; guests have none, and may not ask. */
export function useSchedules(isAllowed: boolean) {
  const { api } = useChat();
  return useQuery({
    queryKey: queryKeys.schedules,
    queryFn: ({ signal }) => api('GET /api/schedules', { query: { limit: 100 }, signal }),
    enabled: isAllowed,
  });
}

/** The next times of a timing that is being chosen, with the zone they are of; those of the one before while they are asked for. */
export function useNextTimes(timing: Timing, timeZone: string, isWhole: boolean) {
  const { api } = useChat();
  return useQuery({
    queryKey: ['next-times', timing, timeZone],
    queryFn: async ({ signal }) => {
      const { times } = await api('POST /api/schedules/preview', { body: { timing, timeZone }, signal });
      return { times, timeZone };
    },
    enabled: isWhole,
    placeholderData: keepPreviousData,
  });
}

/** Saves a new schedule, or changes the one with this ID. A new one that is saved again after a lost reply is the same one. */
export function useSaveSchedule(id: string | undefined) {
  const { api, queries } = useChat();
  const [clientScheduleId] = useState(newId);
  return useMutation({
    mutationFn: (schedule: NewSchedule) =>
      id === undefined
        ? api('POST /api/schedules', { body: { ...schedule, clientScheduleId } })
        : api('PATCH /api/schedules/:id', { params: { id }, body: schedule }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: queryKeys.schedules }),
  });
}

/** What a click does with a schedule. */
export function useScheduleActions({ id, name }: Schedule) {
  const { api, queries } = useChat();
  const params = { id };
  const changed = () => queries.invalidateQueries({ queryKey: queryKeys.schedules });
  const notChanged = (error: unknown) => toastError(i18next.t('schedules:results.notChanged', { name }), error);
  const told = (what: 'pausedNow' | 'resumed' | 'skipped' | 'unskipped' | 'deleted') => {
    toast.success(i18next.t(`schedules:results.${what}`, { name }));
    return changed();
  };
  const pause = useMutation({
    mutationFn: (paused: boolean) => api('PATCH /api/schedules/:id', { params, body: { paused } }),
    onSuccess: (_, paused) => told(paused ? 'pausedNow' : 'resumed'),
    onError: notChanged,
  });
  const skip = useMutation({
    mutationFn: (isSkipped: boolean) =>
      isSkipped ? api('POST /api/schedules/:id/skip', { params }) : api('DELETE /api/schedules/:id/skip', { params }),
    onSuccess: (_, isSkipped) => told(isSkipped ? 'skipped' : 'unskipped'),
    onError: notChanged,
  });
  /** Of a story that was asked for and may be begun: a click after a lost reply gets that one. */
  const storyId = useRef<string>(undefined);
  const run = useMutation({
    mutationFn: () => {
      storyId.current ??= newId();
      return api('POST /api/schedules/:id/run', { params, body: { clientStoryId: storyId.current } });
    },
    onSuccess: () => {
      storyId.current = undefined;
      void changed();
      void queries.invalidateQueries({ queryKey: queryKeys.stories });
    },
    onError: (error) => toastError(i18next.t('schedules:results.notBegun'), error),
  });
  const remove = useMutation({
    mutationFn: () => api('DELETE /api/schedules/:id', { params }),
    onSuccess: () => told('deleted'),
    onError: (error) => toastError(i18next.t('schedules:results.notDeleted', { name }), error),
  });
  return { pause, skip, run, remove };
}

/** Has stories sent by mail again, after one click in a mail stopped them all. */
export function useMailsAgain() {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: () => api('PATCH /api/me', { body: { storyMails: true } }),
    onSuccess: () => {
      toast.success(i18next.t('schedules:mail.comeAgain'));
      return queries.invalidateQueries({ queryKey: queryKeys.me });
    },
    onError: (error) => toastError(i18next.t('schedules:mail.notYet'), error),
  });
}
