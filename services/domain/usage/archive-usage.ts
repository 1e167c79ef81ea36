import type { FoldedIn, UsageHour, UsageShare } from './usage-records.ts';

/**
 * How a backup writes usage, so that what is restored counts everything once. It reads beside a system that goes on: the hours
 * first, then the shares, then the runs. A share that was folded in between is in no document of the archive, or in some: it is
 * written with the lines that they lack, to be folded after a restore. A run whose share came later is written as not settled.
 */
export function usageArchiver(): {
  readonly hour: (hour: UsageHour) => UsageHour;
  readonly share: (share: UsageShare) => UsageShare;
} {
  const versions = new Map<string, number>();
  return {
    hour: (hour) => {
      versions.set(hour._id, hour.version);
      return hour;
    },
    share: (share) => {
      const { foldedIn, ...rest } = share;
      if (!share.folded || !foldedIn) return share;
      const isMissing = ({ hourId, version }: FoldedIn) => version > (versions.get(hourId) ?? 0);
      const lines = share.lines.filter((_, at) => foldedIn.slice(at, at + 1).some(isMissing));
      return lines.length > 0 ? { ...rest, lines, folded: false } : share;
    },
  };
}
