import { Clock } from 'lucide-react';
import type { Holder } from '../../api/session.ts';

const why: Readonly<Record<Holder, string>> = {
  guest: 'Guest sessions end after a while without use. What you were writing is kept; start again to send it.',
  account:
    'You were signed out here from another place, or after a long time without use. What you were writing is kept; sign in to send it.',
};

export function SessionEnded({ holder }: { readonly holder: Holder }) {
  return (
    <div role="alert" className="flex gap-3 rounded-card border border-line bg-surface px-4 py-3">
      <Clock className="mt-0.5 size-4.5 shrink-0 text-warn" aria-hidden />
      <div className="flex flex-col gap-1">
        <p className="font-medium">Your session has ended</p>
        <p className="text-ink-soft">{why[holder]}</p>
      </div>
    </div>
  );
}
