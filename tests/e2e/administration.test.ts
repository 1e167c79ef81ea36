import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { story } from '#contract/stories.ts';
import { waitFor } from '#tests/servers/child.ts';
import { linkIn, mailsTo } from '#tests/servers/outbox.ts';
import { button, confirm, figure, heading, openPerson } from './administration-page.ts';
import { ChatPage } from './chat-page.ts';
import { admin, clientOf, invited } from './people.ts';
import { atBothSizes } from './stage.ts';

atBothSizes('the administration in the page', (stage) => {
  it('has what was asked among its figures, which follow by themselves, and as files', async () => {
    const guest = await stage.guest(await stage.newContext());
    await guest.send('[[{"tokens":20,"seed":1}]] Hello.');
    await guest.answered();
    const { page, complaints } = await stage.signedIn();
    await page.clock.install();
    await page.getByRole('link', { name: 'Administration' }).click();
    await heading(page, 'Overview');
    await waitFor(
      async () => {
        await button(page, 'Refresh now').click();
        return (await figure(page, 'Messages')) >= 1;
      },
      { what: 'the message among the figures', everyMs: 500 },
    );
    const before = await figure(page, 'Messages');
    expect(await figure(page, 'Tokens')).toBeGreaterThan(20);
    for (const by of ['day', 'model', 'person'])
      await page.getByRole('img', { name: `Messages by ${by}, last 30 days` }).waitFor();
    await guest.send('[[{"tokens":20,"seed":2}]] Again.');
    await guest.answeredAs(2);
    await waitFor(
      async () => {
        await page.clock.fastForward(31_000);
        return (await figure(page, 'Messages')) === before + 1;
      },
      { what: 'the second message, without a click', everyMs: 500 },
    );
    const byModel = page.getByRole('region', { name: /^Messages by model/ });
    await byModel.getByRole('button', { name: 'Show as table' }).click();
    await byModel.getByRole('columnheader', { name: 'scripted' }).waitFor();
    const exported = async (name: string) => {
      const downloading = page.waitForEvent('download');
      await button(page, 'Export').click();
      await page.getByRole('menuitem', { name }).click();
      const download = await downloading;
      return [download.suggestedFilename(), await readFile(await download.path(), 'utf8')] as const;
    };
    const [seriesName, seriesText] = await exported('Time series as CSV');
    expect(seriesName).toMatch(/^lamplight-timeseries-[\d-]+-to-[\d-]+\.csv$/);
    expect(seriesText).toMatch(/^at,series,name,requests,errors,messages,/);
    const [, peopleText] = await exported('People as CSV');
    expect(peopleText).toContain(',Ada,guest,');
    expect(complaints).toEqual([]);
  });

  it('shows a manager figures, people and stories, and says plainly what is for administrators', async () => {
    const mona = await invited(stage.place, 'Mona', 'manager');
    const reader = await stage.newAccount('Rita');
    const asked = await (await clientOf(stage.place, reader)).call('POST', '/api/stories', {
      idea: 'A lamp that counts stars',
    });
    const { id } = asked.as(story);
    const { page } = await stage.signedIn('/', mona);
    await page.getByRole('link', { name: 'Administration' }).click();
    const tabs = page.getByRole('navigation', { name: 'Administration' }).getByRole('link');
    await heading(page, 'Overview');
    expect(await tabs.allTextContents()).toEqual(['Overview', 'People', 'Stories of people']);
    for (const path of ['settings', 'audit', 'invitations', 'dead-letters']) {
      await page.goto(`${stage.place.url}/admin/${path}`);
      await page.getByText('This place is for administrators').waitFor();
    }
    await openPerson(page, reader);
    await page.getByText('Only administrators change people.').waitFor();
    expect(await button(page, /Disable|Change role|Save budget|End all|Delete person/).count()).toBe(0);
    await page.getByRole('link', { name: 'Stories of this person' }).click();
    await page.getByText('Each reading is written into the audit log').waitFor();
    await waitFor(
      async () => {
        await page.reload();
        await page.getByRole('row').nth(1).waitFor();
        return (await page.getByRole('cell', { name: 'Told' }).count()) === 1;
      },
      { what: 'the story to be told', timeoutMs: 30_000, everyMs: 500 },
    );
    await page.locator(`a[href="/admin/stories/${id}"]`).click();
    await page.getByText('A story of Rita. That you read it is in the audit log.').waitFor();
    const chief = await stage.signedIn('/admin/audit', admin, await stage.newContext());
    await chief.page.getByRole('row', { name: /Read a story of somebody.*Mona.*Rita/ }).waitFor();
  });

  it('invites somebody by mail, who comes with that role, and withdraws another invitation', async () => {
    const { page } = await stage.signedIn('/admin/invitations');
    const [comes, stays] = ['vera@example.org', 'nora@example.org'];
    for (const email of [comes, stays]) {
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Role').selectOption('manager');
      await button(page, 'Invite').click();
      await page.getByRole('rowheader', { name: email }).waitFor();
    }
    const [mail] = await mailsTo(stage.place.outbox, comes);
    if (!mail) throw new Error('There is no mail.');
    const guest = await ChatPage.open(await stage.newContext(), linkIn(mail));
    await guest.field('Your name').fill('Vera');
    await guest.field('Password').fill('a long walk in the evening');
    await guest.page.locator('form').getByRole('button').last().click();
    await guest.page.getByRole('link', { name: 'Administration' }).waitFor();
    await button(page, `Withdraw the invitation of ${stays}`).click();
    await confirm(page, 'Withdraw');
    await page.getByText('The invitation is withdrawn').waitFor();
    await page.getByText('No invitation is waiting').waitFor();
  });

  it('saves what was changed of the settings, and every page has the banner', async () => {
    const { page } = await stage.signedIn('/admin/settings');
    await page.getByLabel('Banner').fill('Back at noon');
    await page.getByLabel('Stories a day').fill('7');
    await page.getByText('Changed. It was: 10').waitFor();
    const sent = page.waitForRequest((request) => request.method() === 'PATCH');
    await button(page, 'Save 2 changes').click();
    expect((await sent).postDataJSON()).toEqual({ banner: 'Back at noon', storiesPerDay: 7 });
    await page.getByText('The settings are saved and hold everywhere').waitFor();
    await waitFor(async () => (await page.getByRole('note').allTextContents()).length === 2, { what: 'the banner' });
    const visitor = await stage.open('/', await stage.newContext());
    await visitor.page.getByText('Back at noon').waitFor();
    await page.getByLabel('Banner').fill('');
    await button(page, 'Save 1 change').click();
    await waitFor(async () => (await page.getByRole('note').count()) === 0, { what: 'the banner to go' });
  });
});
