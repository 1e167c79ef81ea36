/** A calendar date such as `2026-11-21`. */
export type Day = string;

interface KnownDay {
  readonly day: Day;
  readonly from: number;
  /** The first moment of the next date. */
  readonly until: number;
}

/** No day is as long: zones that change their offset make days of 23 to 25 hours, and some have left one out. */
const longerThanADay = 72 * 3_600_000;
/** Zones have a few hundred names, but their letters may be of either case. */
const mostZones = 2_000;

/**
 * Which date it is where somebody lives, and when the next one begins. What was found for a zone is kept until its midnight:
 * the calendar is asked once a day and zone.
 */
export class LocalDays {
  readonly #known = new Map<string, KnownDay>();

  /** `timeZone` is an IANA name; throws a RangeError for any other. */
  dayOf(now: number, timeZone: string): Day {
    return this.#find(now, timeZone).day;
  }

  /** The moment at which that date ends: its midnight, or a little later where a clock change leaves midnight out. */
  endOf(now: number, timeZone: string): number {
    return this.#find(now, timeZone).until;
  }

  #find(now: number, timeZone: string): KnownDay {
    const known = this.#known.get(timeZone);
    if (known && now >= known.from && now < known.until) return known;
    const found = findDay(now, timeZone);
    if (this.#known.size >= mostZones) this.#known.clear();
    this.#known.set(timeZone, found);
    return found;
  }
}

function findDay(now: number, timeZone: string): KnownDay {
  const format = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const dateAt = (ms: number): Day => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    return `${parts['year']}-${parts['month']}-${parts['day']}`;
  };
  const day = dateAt(now);
  let [within, after] = [now, now + longerThanADay];
  while (after - within > 1) {
    const between = Math.floor((within + after) / 2);
    if (dateAt(between) === day) within = between;
    else after = between;
  }
  return { day, from: now, until: after };
}

/** The date so many days before another. */
export const daysBefore = (day: Day, days: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
