import { Mail } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { useMailsAgain } from './use-schedules.ts';

/** No schedule sends mails, since a click in one of them stopped them all. */
export function MailNote() {
  const mails = useMailsAgain();
  return (
    <div
      role="note"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border border-line bg-surface px-4 py-3"
    >
      <Mail className="size-4.5 shrink-0 text-ink-soft" aria-hidden />
      <p className="min-w-0 flex-1">You stopped stories by mail. They are written, and wait for you here.</p>
      <Button disabled={mails.isPending} onClick={() => mails.mutate()}>
        Send mails again
      </Button>
    </div>
  );
}
