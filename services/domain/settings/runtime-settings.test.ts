import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalBroadcast } from '#platform/broadcast/local-broadcast.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { generousSettings } from './generous-settings.fixture.ts';
import { RuntimeSettingsStore } from './runtime-settings.ts';
import { type SettingsRecord, settingsCollection, settingsId } from './settings-records.ts';

describe('the run-time settings', () => {
  let store: Store;
  let time: VirtualTime;
  let { logger, lines } = collectingLogger();
  let broadcast: LocalBroadcast;

  beforeEach(async () => {
    ({ logger, lines } = collectingLogger());
    broadcast = new LocalBroadcast({ logger });
    time = new VirtualTime();
    store = await openSqliteStore({ file: ':memory:', logger });
    await store.prepare([settingsCollection]);
  });
  afterEach(() => store.close());

  const process = (options: Partial<ConstructorParameters<typeof RuntimeSettingsStore>[0]> = {}) =>
    new RuntimeSettingsStore({
      store,
      broadcast,
      clock: new Freezable(time).clock(0),
      logger,
      defaults: generousSettings,
      ...options,
    });
  const stored = () => store.collection<SettingsRecord>(settingsCollection).get(settingsId);
  /** A store that is away as long as `away` says so. */
  const trouble = () => {
    const state = { away: true };
    const collection: Store['collection'] = (spec) =>
      new Proxy(store.collection(spec), {
        get: (target, name) => {
          if (state.away) return () => Promise.reject(storeUnavailable(new Error('away')));
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    return { state, store: { ...store, collection } };
  };

  it('are those of the environment before the store was read, and are stored at the first start', async () => {
    const first = process();
    expect(first.current()).toEqual(generousSettings);
    await first.install();
    expect(await stored()).toEqual({ _id: settingsId, version: 1, values: generousSettings, changed: [] });
  });

  it('follow the environment at a later start, save what an administrator changed', async () => {
    const before = process();
    await before.install();
    await before.change({ banner: 'Hello', budgets: { user: 5 } });
    const defaults = {
      ...generousSettings,
      guests: false,
      banner: 'No',
      budgets: { guest: 1, user: 1, manager: 1, admin: 1 },
    };
    await process({ defaults }).install();
    expect((await stored())?.values).toEqual({
      ...defaults,
      banner: 'Hello',
      budgets: { ...defaults.budgets, user: 5 },
    });
    expect((await stored())?.changed).toEqual(['banner', 'budgets.user']);
  });

  it('are what the store says, whatever the environment of a process says that did not install them', async () => {
    await process().install();
    const other = process({ defaults: { ...generousSettings, guests: false } });
    await other.start();
    expect(other.current()).toEqual(generousSettings);
  });

  it('are installed by two at once as by one', async () => {
    await Promise.all([process().install(), process().install(), process().install()]);
    expect((await stored())?.version).toBe(1);
  });

  it('change in the process that changes them at once, and in others by broadcast', async () => {
    const [one, two] = [process(), process()];
    await Promise.all([one.start(), two.start()]);
    const { before, after } = await one.change({ guests: false });
    expect([before.guests, after.guests, one.current().guests]).toEqual([true, false, false]);
    await settle();
    expect(two.current().guests).toBe(false);
  });

  it('keep all changes that administrators make at the same time', async () => {
    const [one, two] = [process(), process()];
    await one.install();
    await Promise.all([
      one.change({ banner: 'A' }),
      two.change({ messagesPerMinute: 7 }),
      one.change({ budgets: { guest: 1 } }),
      two.change({ budgets: { user: 2 } }),
    ]);
    const { values, changed } = (await stored()) ?? {};
    expect(values).toMatchObject({ banner: 'A', messagesPerMinute: 7, budgets: { guest: 1, user: 2 } });
    expect(changed).toEqual(['banner', 'budgets.guest', 'budgets.user', 'messagesPerMinute']);
  });

  it('change for nobody where the store is away', async () => {
    await process().install();
    const { state, store: away } = trouble();
    state.away = false;
    const one = process({ store: away });
    await one.start();
    state.away = true;
    await expect(one.change({ guests: false })).rejects.toMatchObject({ code: 'store_unavailable' });
    expect([one.current().guests, (await stored())?.values.guests]).toEqual([true, true]);
  });

  it('hold where the others cannot be told, who read them within a minute', async () => {
    const deaf = new LocalBroadcast({ logger });
    const refusing = Object.assign(new LocalBroadcast({ logger }), {
      publish: () => Promise.reject(new Error('away')),
    });
    const [one, two] = [process({ broadcast: refusing }), process({ broadcast: deaf })];
    await two.start();
    await one.change({ guests: false });
    expect(lines.map(({ message }) => message)).toContainEqual(expect.stringContaining('were not told'));
    expect(two.current().guests).toBe(true);
    await time.advance(60_000);
    await settle();
    expect(two.current().guests).toBe(false);
  });

  it('are read again soon after a read failed, and those of before hold meanwhile', async () => {
    const { state, store: away } = trouble();
    state.away = false;
    const one = process({ store: away });
    await one.start();
    state.away = true;
    await process().change({ guests: false });
    await settle();
    expect(one.current().guests).toBe(true);
    expect(lines.map(({ level }) => level)).toContain('warn');
    state.away = false;
    await time.advance(1_000);
    await settle();
    expect(one.current().guests).toBe(false);
  });

  it('keep out of the stored document what does not fit them, or is missing', async () => {
    await process().install();
    const values = {
      ...generousSettings,
      messagesPerMinute: -5,
      guests: false,
      later: 'unknown',
      budgets: { user: 3 },
    };
    await store.collection<SettingsRecord>(settingsCollection).update(settingsId, { set: { values } });
    const one = process();
    await one.start();
    expect(one.current()).toEqual({
      ...generousSettings,
      guests: false,
      budgets: { ...generousSettings.budgets, user: 3 },
    });
  });

  it('are not read any more once closed', async () => {
    const one = process();
    await one.start();
    one.close();
    await process().change({ guests: false });
    await time.advance(120_000);
    await settle();
    expect(one.current().guests).toBe(true);
  });
});
