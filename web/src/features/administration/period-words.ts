import i18next from 'i18next';
import { formatDay } from '../../ui/format.ts';
import type { Period } from './period.ts';

/** A period in words, as it stands beside its figures. */
export function periodWords(period: Period): string {
  if (period.kind === 'hours') return i18next.t('administration:period.lastHours');
  if (period.kind === 'days') return i18next.t('administration:period.lastDays', { count: period.days });
  const [from, to] = [period.from, period.to].map((day) => formatDay(`${day}T00:00:00Z`, 'UTC'));
  return from === to ? (from ?? '') : i18next.t('administration:period.span', { from, to });
}

/** An hour or a day of a chart, as short as an axis needs it. */
export function pointName(at: string, by: 'hour' | 'day', timeZone: string): string {
  const moment = new Date(at);
  return by === 'day'
    ? moment.toLocaleDateString(i18next.language, { day: 'numeric', month: 'short', timeZone })
    : moment.toLocaleTimeString(i18next.language, { hour: '2-digit', minute: '2-digit', timeZone });
}
