import type { Principal } from '#domain/accounts/principal.ts';
import type { CurrentSettings } from '#domain/settings/runtime-settings.ts';

/** Whose budget it is, and what decides how much it is. */
export type BudgetHolder = Pick<Principal, 'id' | 'role' | 'timeZone' | 'dailyTokenBudget'>;

/** Tokens a day, as it holds now: what a person was given stands before what the role has. */
export const budgetOf = (
  runtime: CurrentSettings,
  { role, dailyTokenBudget }: Pick<BudgetHolder, 'role' | 'dailyTokenBudget'>,
): number => dailyTokenBudget ?? runtime.current().budgets[role];
