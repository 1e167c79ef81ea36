import { expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { axeFindings, findingsInBothThemes } from './axe.ts';
import { admin } from './people.ts';
import { atBothSizes } from './stage.ts';
import { button, told } from './story-page.ts';

atBothSizes('schedules in the page', (stage) => {
  it('tells guests that the clock needs an account', async () => {
    const { page } = await stage.guestAt('/schedules');
    await page.getByText('The clock needs an account').waitFor();
  });

  it('sets up every day at 19:15 by keyboard and pointer, shows the next times, and skips, pauses and runs it', async () => {
    const { page, complaints } = await stage.signedIn('/schedules');
    await button(page, 'New schedule').click();
    // The first field has the focus.
    await page.getByLabel('Who is it for?').waitFor();
    await page.keyboard.type('Mia');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await page.getByRole('checkbox', { name: 'Mon' }).isChecked()).toBe(false);
    await page.keyboard.press('Space');
    await page.getByLabel('Time zone').selectOption('Europe/Berlin');
    await page.getByText('Clocks in Europe/Berlin show this.').waitFor();
    const times = page.getByRole('region', { name: 'The next five' }).getByRole('listitem');
    await waitFor(async () => (await times.count()) === 5, { what: 'five times' });
    for (const time of await times.allTextContents()) expect(time).toMatch(/, 19:15/);
    expect(await axeFindings(page)).toEqual([]);
    await button(page, 'Save').click();
    await page.getByText('Every day at 19:15 (Europe/Berlin)').waitFor();
    await button(page, 'Pause').click();
    await page.getByText('Paused').waitFor();
    await button(page, 'Resume').click();
    await page.getByRole('button', { name: /^Skip/ }).click();
    await page.getByText(/^Left out: /).waitFor();
    await button(page, 'Do not skip').click();
    await page.getByText(/^Next: /).waitFor();
    await button(page, 'Write one now').click();
    await told(page);
    expect(complaints).toEqual([]);
  });

  it('previews a schedule in another time zone, as clocks there and here show it', async () => {
    const inKathmandu = await stage.newContext({ timezoneId: 'Asia/Kathmandu' });
    const { page, complaints } = await stage.signedIn('/schedules', admin, inKathmandu);
    await button(page, 'New schedule').click();
    await page.getByText('Your account keeps the time of UTC, this browser that of Asia/K').waitFor();
    await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
    await page.getByText('Clocks in Asia/Tokyo show this.').waitFor();
    const times = page.getByRole('region', { name: 'The next five' }).getByRole('listitem');
    await waitFor(async () => (await times.count()) === 5, { what: 'five times' });
    for (const time of await times.allTextContents()) expect(time).toMatch(/, 19:15.*16:00 where you are/);
    await button(page, 'Use UTC').click();
    await page.getByText('Clocks in UTC show this.').waitFor();
    await waitFor(async () => /01:00/.test((await times.first().textContent()) ?? ''), { what: 'times of UTC' });
    expect(await findingsInBothThemes(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
