/** Everything that the audit log tells of. docs/administration.md says what each means and is checked against this. */
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
  'story_mails_end',
  'settings_change',
  'dead_letter_retry',
] as const;

export type AuditAction = (typeof auditActions)[number];
