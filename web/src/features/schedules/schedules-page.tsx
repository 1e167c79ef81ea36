import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Schedule } from '#contract/schedules.ts';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page } from '../../ui/page.tsx';
import { useMe } from '../chat/use-me.ts';
import { GuestNote } from './guest-note.tsx';
import { MailNote } from './mail-note.tsx';
import { ScheduleCard } from './schedule-card.tsx';
import { ScheduleForm } from './schedule-form.tsx';
import { useSchedules } from './use-schedules.ts';

const intro = 'A story by the clock: written, read aloud, and sent to you when it is there.';

/** When stories are written by themselves, and for whom. */
export function SchedulesPage() {
  const { data: me } = useMe();
  const isAllowed = me !== undefined && me.role !== 'guest';
  const { data, error, refetch } = useSchedules(isAllowed);
  const [open, setOpen] = useState<Schedule | 'new'>();
  if (open !== undefined)
    return <ScheduleForm schedule={open === 'new' ? undefined : open} onDone={() => setOpen(undefined)} />;
  if (me?.role === 'guest') {
    return (
      <Page title="Schedules" intro={intro}>
        <GuestNote name={me.name} />
      </Page>
    );
  }
  const add = (
    <Button look={data?.items.length ? 'plain' : 'lamp'} onClick={() => setOpen('new')}>
      <Plus className="size-4" aria-hidden /> New schedule
    </Button>
  );
  const items = data?.items ?? [];
  return (
    <Page title="Schedules" intro={intro} actions={items.length > 0 && add}>
      {error && !data && (
        <ErrorNote
          title="Your schedules could not be loaded"
          traceId={traceIdOf(error)}
          actions={<Button onClick={() => void refetch()}>Load them again</Button>}
        >
          {sentenceOf(error)} Stories are written on time all the same.
        </ErrorNote>
      )}
      {me && !me.storyMails && items.some(({ mail }) => mail) && <MailNote />}
      {data && items.length === 0 && <Empty add={add} />}
      <ul className="flex flex-col gap-4">
        {items.map((schedule) => (
          <ScheduleCard key={schedule.id} schedule={schedule} onEdit={() => setOpen(schedule)} />
        ))}
      </ul>
    </Page>
  );
}

const Empty = ({ add }: { readonly add: ReactNode }) => (
  <section className="flex flex-col items-start gap-3 rounded-card border border-line bg-surface p-6">
    <h2 className="font-serif text-[1.625rem] leading-8">Every day at 19:15</h2>
    <p className="text-ink-soft">
      Choose whom the stories are for and when they come. Each is there on time, with its picture and its voice.
    </p>
    {add}
  </section>
);
