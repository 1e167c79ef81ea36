import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccountRecords, type PersonRecord } from '#domain/accounts/account-records.ts';
import { openScheduleRecords, type ScheduleRecord } from '#domain/schedules/schedule-records.ts';
import { DrawnImages } from '#platform/images/drawn-images.ts';
import { MailError } from '#platform/mail/mail.ts';
import { type MailServer, startMailServer } from '#platform/mail/mail-server.fixture.ts';
import { SmtpMail } from '#platform/mail/smtp-mail.ts';
import { storyLinkUrl } from '../story-links.ts';
import { openStoryRecords, type StoryRecord } from '../story-records.ts';
import { followUpQueues } from '../story-topics.ts';
import { askForFollowUps } from './ask-for-follow-ups.ts';
import { type FollowUpWorld, openFollowUpWorld, type TestProcess } from './follow-ups.fixture.ts';

const schedule: Omit<ScheduleRecord, 'ownerId'> = {
  _id: 'schedule-1',
  slot: 0,
  name: 'Mila',
  timing: { kind: 'days', days: [1, 7], time: '19:15' },
  timeZone: 'Europe/Berlin',
  settings: { readerName: 'Mila', readerAge: 6, language: 'en', minutes: 3, themes: [], avoid: [], style: '' },
  characterIds: [],
  sceneIds: [],
  idea: '',
  mail: true,
  paused: false,
  nextAt: Date.UTC(2026, 10, 22, 18, 15),
  version: 1,
  createdAt: 0,
};

describe('the mail of a story', () => {
  let world: FollowUpWorld;
  let app: TestProcess;
  const closing: Array<() => Promise<void>> = [];
  beforeEach(async () => {
    world = await openFollowUpWorld();
    app = world.process();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await world.close();
  });

  const at = () => world.person.createdAt + world.time.ms;
  const ready = () => ({ state: 'ready', tries: 1, at: at() }) as const;
  const mailAlone = () => ({
    narration: ready(),
    picture: ready(),
    notice: ready(),
    mail: { state: 'pending', tries: 0, at: at() } as const,
  });
  const stories = () => openStoryRecords(world.store).stories;
  const mailState = async () => (await stories().get('story-1'))?.followUps?.mail;
  const setPerson = (set: Partial<PersonRecord>) =>
    openAccountRecords(world.store).people.update(world.person._id, { set });
  const send = async (story: Partial<StoryRecord> = {}) => {
    app.work(['mail']);
    await askForFollowUps(app.ports, await world.addStory({ followUps: mailAlone(), ...story }));
    await world.until(async () => (await mailState())?.state !== 'pending', 'the mail');
    return world.mail.sent[0];
  };

  it('leads to the story, which its link opens, and to where such mails are ended', async () => {
    const mail = await send();
    const story = await stories().get('story-1');
    expect(story?.shared).toBe(true);
    const url = storyLinkUrl(app.ports, { _id: 'story-1', linkVersion: 1 });
    expect(url).toMatch(/^https:\/\/lamplight\.test\/story#token=story-1\.1\.[\w-]{43}$/);
    const token = `${world.person._id}.${app.ports.accounts.keys.sign('unsubscribe', world.person._id)}`;
    expect(mail?.listUnsubscribe).toBe(`https://lamplight.test/api/story-mails/unsubscribe?token=${token}`);
    for (const body of [mail?.text, mail?.html]) {
      expect(body).toContain(url);
      expect(body).toContain(`https://lamplight.test/unsubscribe#token=${token}`);
    }
  });

  it.each([
    [undefined, 'de', 'Die Geschichte'],
    ['es', 'de', 'El cuento'],
    [undefined, 'fr', 'Tonight’s story'],
  ] as const)(
    'is for somebody whose language is %s, around a story in %s, called %s',
    async (own, language, begins) => {
      if (own) await setPerson({ language: own });
      expect((await send({ language }))?.subject).toMatch(new RegExp(`^${begins}`));
    },
  );

  it('leads its owner alone to a story whose link was withdrawn', async () => {
    const mail = await send({ linkVersion: 2 });
    expect((await stories().get('story-1'))?.shared).toBe(false);
    expect(mail?.text).toContain('\nhttps://lamplight.test/stories/story-1\n');
    expect(mail?.text).not.toContain('/story#');
  });

  it.each([{ storyMails: false }, { disabled: true }, { deleted: true }])(
    'is skipped where its owner is meanwhile %j',
    async (set) => {
      await setPerson(set);
      expect(await send()).toBeUndefined();
      expect((await mailState())?.state).toBe('skipped');
    },
  );

  it('is skipped where it would be a file of a process that is one of several', async () => {
    world.mail.kind = 'passing';
    expect(await send()).toBeUndefined();
    expect((await mailState())?.state).toBe('skipped');
  });

  it.each(['smtp', 'outbox'] as const)('is sent where mail is %s', async (kind) => {
    world.mail.kind = kind;
    expect(await send()).toBeDefined();
  });

  it('shows a drawn picture as one that mail programs show', async () => {
    app = world.process(undefined, { images: new DrawnImages() });
    app.work(['picture', 'mail']);
    await askForFollowUps(app.ports, await world.addStory());
    await world.until(() => world.mail.sent.length === 1);
    const [picture] = world.mail.sent[0]?.pictures ?? [];
    expect(picture?.mediaType).toBe('image/png');
    expect(
      Buffer.from(picture?.bytes ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect(picture?.bytes.length).toBeLessThan(210_000);
    expect(world.mail.sent[0]?.html).toContain('<img src="cid:picture" alt="A fox with a lantern"');
  });

  it.each([
    ['is gone', undefined],
    ['is none', { mediaType: 'image/svg+xml', text: '<svg' }],
    ['is of another kind', { mediaType: 'image/gif', text: 'GIF' }],
    ['is too large', { mediaType: 'image/png', text: 'x'.repeat(4_000_001) }],
  ])('goes without its picture where that %s', async (_what, picture) => {
    if (picture)
      await world.blobs.put('p', [Buffer.from(picture.text)], { mediaType: picture.mediaType, maxBytes: 5_000_000 });
    const mail = await send({ picture: { blobId: 'p', mediaType: 'image/png' } });
    expect(mail?.pictures).toBeUndefined();
    expect(mail?.html).not.toContain('cid:');
  });

  describe('where there is none', () => {
    const apologise = async (error: StoryRecord['error'], more: Partial<StoryRecord> = {}) => {
      await openScheduleRecords(world.store).insert({ ...schedule, ownerId: world.person._id });
      const { told: _told, ...story } = await world.addStory({ _id: 'other', following: false });
      const skipped = { state: 'skipped', tries: 0, at: at() } as const;
      const record = { ...story, _id: 'story-1', status: 'refused' as const, ...(error && { error }), ...more };
      await stories().insert({ ...record, followUps: { ...mailAlone(), narration: skipped, picture: skipped } });
      app.work(['mail']);
      await askForFollowUps(app.ports, { ...record, followUps: mailAlone() });
      return world.until(() => world.mail.sent[0]);
    };
    const spent = { code: 'budget_spent', message: 'You have 3 tokens.', traceId: 'a' } as const;

    it('says why, and when there is more', async () => {
      const sent = await apologise(spent);
      expect(sent.subject).toBe('No story for Mila this time');
      expect(sent.text).toContain('your budget for today is spent. There is more from midnight.');
      expect(sent.text).toContain('The next one comes on Sunday 22 November at 19:15.');
      expect(sent.text).not.toContain('tokens');
      expect(sent.listUnsubscribe).toContain('/api/story-mails/unsubscribe');
    });

    it('has an id of its own: mail programs show one mail of each', async () => {
      expect((await apologise(spent)).id).toBe('apology-story-1');
    });

    it('is in the language of the story for somebody who has set none', async () => {
      expect((await apologise(spent, { language: 'de' })).subject).toBe('Diesmal keine Geschichte für Mila');
    });

    it.each([
      [0, 'no stories are written here at present'],
      [1, 'as many stories as there are'],
    ])('says why, where there are %i a day', async (storiesPerDay, words) => {
      app = world.process();
      const { current } = app.ports.chat.runtime;
      app.ports.chat.runtime.current = () => ({ ...current(), storiesPerDay });
      const error = { code: 'rate_limited', message: 'No.', traceId: 'a' } as const;
      expect((await apologise(error)).text).toContain(words);
    });
  });

  it('comes all the same where its server was away for half an hour', async () => {
    const beginsAt = world.time.ms;
    world.mail.before = () => {
      if (world.time.ms - beginsAt < 30 * 60_000) throw new MailError('the server is away', { retryable: true });
    };
    app.work(['mail']);
    await askForFollowUps(app.ports, await world.addStory({ followUps: mailAlone() }));
    await world.until(async () => {
      await world.time.advance(10_000);
      return (await mailState())?.state === 'ready';
    });
    expect(world.mail.sent).toHaveLength(1);
    expect(world.time.ms - beginsAt).toBeLessThan(45 * 60_000);
  });

  describe('through a mail server', () => {
    const through = async (server: MailServer) => {
      const mail = new SmtpMail({
        url: `smtp://127.0.0.1:${server.port}`,
        from: 'Lamplight <lamplight@lamplight.test>',
      });
      closing.push(
        () => mail.close(),
        () => server.close(),
      );
      app = world.process(undefined, { mail });
      app.work(['mail']);
      await askForFollowUps(app.ports, await world.addStory({ followUps: mailAlone() }));
    };

    it('that dies between the mail and its answer comes again under the same Message-ID, and no third time', async () => {
      let dying = true;
      const server: MailServer = await startMailServer({}, () => {
        if (dying) server.drop();
        dying = false;
      });
      await through(server);
      await world.until(async () => (await mailState())?.state === 'ready');
      await world.time.advance(600_000);
      expect(server.received.map(({ messageId }) => messageId)).toEqual([
        '<story-story-1@lamplight.test>',
        '<story-story-1@lamplight.test>',
      ]);
      expect((await mailState())?.tries).toBe(2);
    });

    it('that is slow comes once', async () => {
      const answer = Promise.withResolvers<void>();
      const server = await startMailServer({}, () => answer.promise);
      await through(server);
      await world.until(() => server.received.length === 1);
      await app.sweep.sweep();
      expect((await mailState())?.state).toBe('pending');
      answer.resolve();
      await world.until(async () => (await mailState())?.state === 'ready');
      expect(server.received).toHaveLength(1);
    });

    it.each([
      [550, { state: 'failed', tries: 1, reason: 'refused' }],
      [451, { state: 'failed', tries: 10, reason: 'unavailable' }],
    ])('that refuses it with %i fails so', async (responseCode, expected) => {
      const refusal = Object.assign(new Error('no mailbox ada@example.org here'), { responseCode });
      const server = await startMailServer({ onRcptTo: (_to, _session, done) => done(refusal) });
      await through(server);
      await world.until(async () => {
        await world.time.advance(10_000);
        return (await mailState())?.state === 'failed';
      });
      expect(await mailState()).toMatchObject(expected);
      await world.until(async () => (await app.queue.counts(followUpQueues.mail)).dead === 1);
      const kept = JSON.stringify([await app.queue.deadLetters(followUpQueues.mail, 10), world.lines]);
      expect(kept).not.toContain('ada@example.org');
      expect(kept).not.toContain('Nut');
    });

    it('that comes back after it was away brings it', async () => {
      const first = await startMailServer();
      const { port } = first;
      await first.close();
      const mail = new SmtpMail({ url: `smtp://127.0.0.1:${port}`, from: 'lamplight@lamplight.test' });
      closing.push(() => mail.close());
      app = world.process(undefined, { mail });
      app.work(['mail']);
      await askForFollowUps(app.ports, await world.addStory({ followUps: mailAlone() }));
      await world.until(async () => (await mailState())?.tries === 2);
      const server = await startMailServer({}, undefined, port);
      closing.push(server.close);
      await world.until(async () => (await mailState())?.state === 'ready');
      expect(server.received).toHaveLength(1);
    });
  });
});
