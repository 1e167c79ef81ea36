import { createFirstAdministrator } from '#domain/accounts/first-administrator.ts';
import { isAppError } from '#platform/errors.ts';
import type { Foundation } from './foundation.ts';

/**
 * After the migrations: creates the administrator where there is none. A password that was made here is printed once, as text for
 * whoever watches the first start, since logs are kept. Where `ADMIN_PASSWORD` is too easily guessed, the process ends with code 78.
 */
export async function ensureAdministrator(
  { accounts, config }: Pick<Foundation, 'accounts' | 'config'>,
  output: { write(text: string): unknown } = process.stdout,
): Promise<void> {
  try {
    const made = await createFirstAdministrator(accounts, config.accounts.admin);
    if (!made) return;
    accounts.logger.info('The administrator was created.', { 'event.action': 'administrator_create' });
    if (made.generatedPassword === undefined) return;
    output.write(`\nSign in as the administrator ${made.email} with the password ${made.generatedPassword}\n`);
    output.write(
      'It is shown this once: change it after you have signed in, or set ADMIN_PASSWORD before the first start.\n\n',
    );
  } catch (error) {
    if (!isAppError(error, 'common_password')) throw error;
    process.stderr.write(`These settings are not right:\n  - ADMIN_PASSWORD is refused. ${error.message}\n`);
    process.exit(78);
  }
}
