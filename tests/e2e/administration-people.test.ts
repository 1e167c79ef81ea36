import { expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { button, confirm, heading, openPerson } from './administration-page.ts';
import { atBothSizes } from './stage.ts';

atBothSizes('people in the administration', (stage) => {
  it('changes the role of a person, who sees it at once', async () => {
    const grace = await stage.newAccount('Grace');
    const hers = await stage.signedIn('/', grace, await stage.newContext());
    await hers.composer.waitFor();
    expect(await hers.page.getByRole('link', { name: 'Administration' }).count()).toBe(0);
    await hers.page.goto(`${stage.place.url}/admin`);
    await heading(hers.page, 'There is nothing at this address');
    const { page } = await stage.signedIn('/admin/people');
    await openPerson(page, grace);
    await page.getByLabel('Role of Grace').selectOption('manager');
    await button(page, 'Change role').click();
    await confirm(page, 'Change role');
    await page.getByText('Grace: Manager from now on').waitFor();
    await hers.page.reload();
    await heading(hers.page, 'Overview');
  });

  it('takes the budget of a person, who can ask nothing until it is given back', async () => {
    const olga = await stage.newAccount('Olga');
    const { page } = await stage.signedIn('/admin/people');
    await openPerson(page, olga);
    await page.getByText('An own budget').click();
    await page.getByLabel('Tokens a day').fill('0');
    await button(page, 'Save budget').click();
    await page.getByText('The budget is saved and holds at once').waitFor();
    const hers = await stage.signedIn('/', olga, await stage.newContext());
    await hers.send('Is there anything left?');
    await hers.page
      .getByText(/you have 0 a day/)
      .first()
      .waitFor();
    await page.getByText(/^As the role has it/).click();
    await button(page, 'Save budget').click();
    await waitFor(() => button(page, 'Save budget').isDisabled(), { what: 'the budget to be saved' });
    await hers.page.goto(stage.place.url);
    await hers.send('[[{"tokens":20,"seed":3}]] And now?');
    await hers.answered();
  });

  it('signs a person out everywhere, and shuts one out until they are let in again', async () => {
    const ines = await stage.newAccount('Ines');
    const hers = await stage.signedIn('/', ines, await stage.newContext());
    const { page } = await stage.signedIn('/admin/people');
    await openPerson(page, ines);
    await button(page, 'End all sessions').click();
    await confirm(page, 'End all sessions');
    await page.getByText('Ines is signed out everywhere').waitFor();
    await hers.page.getByText('Your session has ended').waitFor();
    await button(page, 'Disable').click();
    await confirm(page, 'Disable');
    await page.getByText('Ines is disabled').waitFor();
    const again = await stage.open('/sign-in', await stage.newContext());
    await again.fillSignIn(ines.email, ines.password);
    await again.page.getByRole('alert').waitFor();
    await button(page, 'Enable').click();
    await page.getByText('Ines can sign in again').waitFor();
    await again.fillSignIn(ines.email, ines.password);
    await again.composer.waitFor();
  });

  it('has an entry of what was done in the audit log, with the trace ID of its request', async () => {
    const udo = await stage.newAccount('Udo');
    const { page } = await stage.signedIn('/admin/people');
    await openPerson(page, udo);
    await page.getByText('An own budget').click();
    await page.getByLabel('Tokens a day').fill('1234');
    const changing = page.waitForResponse((reply) => reply.request().method() === 'PATCH');
    await button(page, 'Save budget').click();
    const traceId = (await (await changing).headerValue('x-trace-id')) ?? 'none';
    await page.getByRole('link', { name: 'In the audit log' }).click();
    await page.getByLabel('Action').selectOption({ label: 'Changed a budget' });
    const entry = page.getByRole('row', { name: /Changed a budget/ });
    await entry.waitFor();
    expect(await entry.count()).toBe(1);
    // Names come after the entry itself.
    for (const name of ['Administrator', 'Udo']) await entry.getByText(name, { exact: true }).waitFor();
    expect(await entry.textContent()).toMatch(/Administrator.*Udo.*to 1234.*(127\.0\.0\.1|::1)/);
    await entry.getByRole('button', { name: `Copy trace ID ${traceId}` }).waitFor();
  });
});
