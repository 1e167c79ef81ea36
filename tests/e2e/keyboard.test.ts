import { expect, it } from 'vitest';
import { axeFindings } from './axe.ts';
import { KeyboardPerson } from './keyboard-person.ts';
import { admin } from './people.ts';
import { atBothSizes } from './stage.ts';

atBothSizes('by keyboard alone', (stage) => {
  it('somebody signs in, and can write at once', async () => {
    const chat = await stage.open();
    const person = new KeyboardPerson(chat.page);
    await chat.button('Start').waitFor();
    await person.goTo('Sign in');
    await person.press('Enter');
    await chat.field('E-mail').waitFor();
    expect(await person.focus()).toBe('E-mail');
    await person.type(admin.email);
    await person.goTo('Password');
    await person.type(admin.password);
    await person.press('Enter');
    await chat.composer.waitFor();
    expect(await person.focus()).toBe('Message');
  });

  it('somebody begins as a guest, sends, breaks a line, stops and copies', async () => {
    await stage.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const answer = stage.place.answers.hold();
    const chat = await stage.open();
    const person = new KeyboardPerson(chat.page);
    await chat.button('Start').waitFor();
    expect(await person.focus()).toBe('Your name');
    await person.type('Ada');
    await person.press('Enter');
    await chat.composer.waitFor();
    await person.type('One line');
    await person.press('Shift+Enter');
    await person.type(answer.message);
    await person.press('Enter');
    await chat.showsBeginning(answer.beginning);
    expect(await chat.mine('complete').first().textContent()).toContain(`One line\n${answer.message}`);
    expect(await person.focus()).toBe('Message');
    await person.goTo('Stop');
    await person.press('Enter');
    await chat.answered('stopped');
    await person.goTo('Copy answer', { key: 'Shift+Tab' });
    await person.press('Enter');
    await chat.button('Copied').waitFor();
    expect(await chat.page.evaluate('navigator.clipboard.readText()')).toBe(answer.beginning);
    expect(await person.focus()).toMatch(/Cop/);
  });

  it('somebody renames a conversation, begins another, and deletes the first after a question', async () => {
    const chat = await stage.guest();
    const person = new KeyboardPerson(chat.page);
    await person.type('Tell me about tides');
    await person.press('Enter');
    await chat.answered();
    await person.goTo('Rename', { key: 'Shift+Tab' });
    await person.press('Enter');
    expect(await person.focus()).toBe('Title');
    await person.type('Moon and water');
    await person.press('Enter');
    await chat.conversation('Moon and water').waitFor();
    expect(await person.focus()).toBe('Rename');
    await person.goTo('New chat', { key: 'Shift+Tab' });
    await person.press('Enter');
    await chat.page.getByRole('heading', { level: 1 }).waitFor();
    await person.goTo('Delete');
    await person.press('Enter');
    await chat.page.getByRole('dialog').waitFor();
    await person.press('Escape');
    await chat.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await person.focus()).toBe('Delete');
    await person.press('Enter');
    await chat.page.getByRole('dialog').waitFor();
    await person.goTo('Delete');
    await person.press('Enter');
    await chat.conversation('Moon and water').waitFor({ state: 'detached' });
    expect(await chat.page.evaluate('document.activeElement.ariaLabel')).toBe('Conversations');
  });

  it('somebody presses Escape again and again, and keeps the key that is shown once', async () => {
    const { page } = await stage.signedIn('/settings/security', await stage.newAccount());
    await page.getByRole('button', { name: 'Create key' }).press('Enter');
    await page.getByLabel('What is it for?').fill('My script');
    await page.keyboard.press('Enter');
    const made = page.getByRole('dialog', { name: 'Your new key' });
    await made.waitFor();
    for (let pressed = 0; pressed < 4; pressed += 1) await page.keyboard.press('Escape');
    await made.getByRole('button', { name: 'I have copied it' }).press('Enter');
    await made.waitFor({ state: 'detached' });
    await page.getByText('Never used').waitFor();
  });

  it('somebody finds and uses the shortcuts', async () => {
    const answer = stage.place.answers.hold();
    const chat = await stage.guest();
    const person = new KeyboardPerson(chat.page);
    await chat.sendHeld(answer);
    await person.press('?');
    expect(await chat.composer.inputValue()).toBe('?');
    await person.press('Backspace');
    await person.press('Escape');
    await chat.answered('stopped');
    await person.press('Control+k');
    expect(await person.focus()).toBe('Filter conversations');
    await person.type('nothing has this');
    await chat.page.getByText('No title has these words.').waitFor();
    await person.press('Control+Shift+O');
    await chat.page.waitForURL(`${stage.place.url}/`);
    await person.goTo('Keyboard shortcuts', { key: 'Shift+Tab' });
    await person.press('?');
    const list = chat.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await list.waitFor();
    expect(await axeFindings(chat.page)).toEqual([]);
    await person.press('Escape');
    await list.waitFor({ state: 'detached' });
    expect(await person.focus()).toBe('Keyboard shortcuts');
  });
});
