/** What the audit log tells of, in the order of the choice; a test holds it to the server's own list. */
export const auditActions = [
  'sign_in',
  'guest_sign_in',
  'openid_sign_in',
  'sign_out',
  'refresh_reuse',
  'register',
  'email_verify',
  'password_change',
  'password_reset',
  'role_change',
  'account_disable',
  'account_enable',
  'budget_change',
  'invitation_create',
  'invitation_accept',
  'invitation_withdraw',
  'key_create',
  'key_end',
  'sessions_end',
  'data_export',
  'account_delete',
  'story_read',
  'story_mails_end',
  'settings_change',
  'dead_letter_retry',
] as const;

type AuditAction = (typeof auditActions)[number];

/** Those that were done to something else than a person. */
const ofThings: readonly string[] = [
  'invitation_create',
  'invitation_withdraw',
  'key_create',
  'key_end',
  'settings_change',
  'dead_letter_retry',
] satisfies readonly AuditAction[];

export const isOfPerson = (action: string): boolean => !ofThings.includes(action);
