import { useState } from 'react';
import { ApiError } from '../../api/api-error.ts';

/** One form's request: whether it is under way, and what went wrong with the last one. */
export function useSubmit<T>(work: (value: T) => Promise<void>) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const submit = async (value: T) => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await work(value);
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { submit, isBusy, error };
}
