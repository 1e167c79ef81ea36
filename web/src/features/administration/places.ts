import type { Role } from '#contract/accounts.ts';

/** The parts of the administration, by the end of their address; `admin`: not for managers. */
export const places = [
  { path: '', key: 'overview', role: 'manager' },
  { path: 'people', key: 'people', role: 'manager' },
  { path: 'stories', key: 'stories', role: 'manager' },
  { path: 'invitations', key: 'invitations', role: 'admin' },
  { path: 'dead-letters', key: 'deadLetters', role: 'admin' },
  { path: 'audit', key: 'audit', role: 'admin' },
  { path: 'settings', key: 'settings', role: 'admin' },
] as const satisfies ReadonlyArray<{ path: string; key: string; role: Role }>;

export const mayAdminister = (role: Role | undefined): boolean => role === 'manager' || role === 'admin';
