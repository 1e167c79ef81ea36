import { toast } from 'sonner';
import { expect, it } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { toastError } from './toast-error.ts';

it('tells of what failed, but not of a session that is over: the page asks about that itself', () => {
  const traceId = 'a'.repeat(32);
  toastError('It was not saved', new ApiError({ code: 'session_expired', message: 'It is over.', traceId }));
  expect(toast.getToasts()).toEqual([]);
  toastError('It was not saved', new ApiError({ code: 'internal', message: 'It broke.', traceId }));
  expect(toast.getToasts()).toMatchObject([{ title: 'It was not saved', description: 'It broke.' }]);
});
