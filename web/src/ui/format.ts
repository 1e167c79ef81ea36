import i18next from 'i18next';

/** To make one takes longer than to write a hundred moments with it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** What writes moments in one way; the same one for the same ways. */
export function momentFormat(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat(language, options);
  formats.set(key, format);
  return format;
}

const write = (moment: string | number | Date, options: Intl.DateTimeFormatOptions, timeZone?: string): string =>
  momentFormat(i18next.language, { ...options, ...(timeZone && { timeZone }) }).format(new Date(moment));

/** Numbers and moments as the page's language writes them. */
export const formatNumber = (value: number, options?: Intl.NumberFormatOptions): string =>
  value.toLocaleString(i18next.language, options);

export const formatDay = (moment: string | Date, timeZone?: string): string =>
  write(moment, { dateStyle: 'medium' }, timeZone);

export const formatMoment = (moment: string | Date, timeZone?: string): string =>
  write(moment, { dateStyle: 'medium', timeStyle: 'short' }, timeZone);

export const formatTime = (moment: string | Date, timeZone?: string): string =>
  write(moment, { timeStyle: 'short' }, timeZone);

/** The time of day to the second; `moment` in milliseconds. */
export const formatClock = (moment: number): string => write(moment, { timeStyle: 'medium' });

/** To the second, where the order of things counts. */
export const formatMomentExactly = (moment: string): string =>
  write(moment, { dateStyle: 'medium', timeStyle: 'medium' });
