import type { z } from 'zod';
import type { signInOptions as contract } from '#contract/accounts.ts';
import type { AccountPorts } from './account-ports.ts';

/** What a page needs to know before anybody is signed in. */
export function signInOptions({
  runtime,
  settings,
}: Pick<AccountPorts, 'runtime' | 'settings'>): z.output<typeof contract> {
  const { registration, guests, banner } = runtime.current();
  const { openId } = settings;
  return {
    registration,
    guests,
    ...(openId && { openId: { name: openId.name } }),
    ...(banner !== '' && { banner }),
  };
}
