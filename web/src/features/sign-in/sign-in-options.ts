import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import type { z } from 'zod';
import type { signInOptions } from '#contract/accounts.ts';
import { ApiError } from '../../api/api-error.ts';
import type { Api } from '../../api/http.ts';

export type SignInOptions = z.infer<typeof signInOptions>;

/** How people can sign in here: nothing until the server has said it, or `error` where it could not be asked. */
export interface AskedOptions {
  readonly options?: SignInOptions;
  readonly error?: ApiError;
  readonly again: () => void;
}

export const OptionsContext = createContext<AskedOptions>({ again: () => {} });
export const useSignInOptions = (): AskedOptions => useContext(OptionsContext);

/** Asks once, and again with each call of `again`. */
export function useAskedOptions(api: Api): AskedOptions {
  const [asked, setAsked] = useState<{ readonly options?: SignInOptions; readonly error?: ApiError }>({});
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((before) => before + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round asks again
  useEffect(() => {
    const leaving = new AbortController();
    api('GET /api/auth/options', { signal: leaving.signal }).then(
      (options) => setAsked({ options }),
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        setAsked((before) => ({ ...before, error }));
      },
    );
    return () => leaving.abort();
  }, [api, round]);
  return { ...asked, again };
}
