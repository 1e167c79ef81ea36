import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me } from '#contract/accounts.ts';
import { invitePerson } from '#domain/accounts/invitations.ts';
import { mailsTo } from '#tests/servers/outbox.ts';
import { openRegistrations, password, type Registrations } from './registrations.fixture.ts';

const refresh = 'body';

describe('the language of an account', () => {
  let world: Registrations;
  beforeAll(async () => {
    world = await openRegistrations();
  });
  afterAll(() => world.app.close());

  it('writes and remembers the language in which somebody registers', async () => {
    const email = world.newAddress();
    await world.register(email, { language: 'de' });
    const [mail] = await mailsTo(world.outbox, email);
    expect(mail?.subject).toBe('Bestätige deine Adresse');
    expect(mail?.html).toContain('<html lang="de" dir="ltr">');
    const ada = await world.signedIn(world.verify(await world.linkOf(email)));
    expect((await ada.call('GET', '/api/me')).as(me).language).toBe('de');
    await world.register(email, { language: 'es' });
    const told = (await mailsTo(world.outbox, email, 2)).map(({ subject }) => subject);
    expect(told, 'in the language of whoever has the address').toContain('Du hast schon ein Konto');
    expect((await world.register(world.newAddress(), { language: 'tlh' })).code()).toBe('invalid_request');
  });

  it('keeps the language of a guest who registers without one', async () => {
    const guest = await world.signedIn(world.ask('/api/auth/guest', { name: 'Grace', language: 'ar', refresh }));
    expect((await guest.call('GET', '/api/me')).as(me).language).toBe('ar');
    const email = world.newAddress();
    await guest.call('POST', '/api/auth/register', { email, name: 'Grace', password });
    const grace = await world.signedIn(world.verify(await world.linkOf(email)));
    expect((await grace.call('GET', '/api/me')).as(me)).toMatchObject({ role: 'user', language: 'ar' });
  });

  it('writes an invitation in the language of whoever invites, and takes that of whoever answers', async () => {
    const inviter = { role: 'manager', person: { language: 'es' } } as const;
    const { id: invitedBy } = (await (await world.server.client(inviter)).call('GET', '/api/me')).as(me);
    const email = world.newAddress();
    await invitePerson(world.accounts, { email, role: 'user', invitedBy });
    expect((await mailsTo(world.outbox, email))[0]?.subject).toBe('Te han invitado a Lamplight');
    const answer = { token: await world.linkOf(email), name: 'Ada', password, language: 'de', refresh };
    const ada = await world.signedIn(world.ask('/api/auth/invitation', answer));
    expect((await ada.call('GET', '/api/me')).as(me).language).toBe('de');
  });
});
