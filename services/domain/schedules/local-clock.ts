/** The longest that a local clock is behind or before UTC, with room to spare: the greatest offsets are -12 and +14 hours. */
const farthestMs = 15 * 3_600_000;

/**
 * What clocks on the wall show in one time zone. A wall-clock time is written as the moment at which a clock in UTC would show it, in ms
 * since the epoch.
 */
export class LocalClock {
  readonly #format: Intl.DateTimeFormat;

  /** `timeZone` is an IANA name; throws a RangeError for any other. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  /** What the clock shows at a moment. */
  wallAt(at: number): number {
    return at + this.#offsetAt(at);
  }

  /**
   * The first moment at which the clock shows a time, or a later one: of a time that occurs twice the first; of one that does not exist
   * the moment at which the clock is put forward, past it.
   */
  momentOf(wall: number): number {
    const [from, until] = [wall - farthestMs, wall + farthestMs];
    const [before, after] = [this.#offsetAt(from), this.#offsetAt(until)];
    if (before === after || this.#offsetAt(wall - before) === before) return wall - before;
    return this.#offsetAt(wall - after) === after ? wall - after : this.#changeBetween(from, until, after);
  }

  /** The first moment from which the offset is `after`. */
  #changeBetween(from: number, until: number, after: number): number {
    let [early, late] = [from, until];
    while (late - early > 1) {
      const between = Math.floor((early + late) / 2);
      if (this.#offsetAt(between) === after) late = between;
      else early = between;
    }
    return late;
  }

  /** What is to be added to UTC, in ms. */
  #offsetAt(at: number): number {
    const shown = this.#format.format(at);
    const [, sign, hours = 0, minutes = 0, seconds = 0] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(shown) ?? [];
    const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
    return sign === '-' ? -ms : ms;
  }
}

/** Zones have a few hundred names, but their letters may be of either case. */
const mostZones = 2_000;

/** Clocks by their zones, kept: to make one takes as long as to ask it a hundred times. */
export class LocalClocks {
  readonly #clocks = new Map<string, LocalClock>();

  in(timeZone: string): LocalClock {
    const kept = this.#clocks.get(timeZone);
    if (kept) return kept;
    const clock = new LocalClock(timeZone);
    if (this.#clocks.size >= mostZones) this.#clocks.clear();
    this.#clocks.set(timeZone, clock);
    return clock;
  }
}
