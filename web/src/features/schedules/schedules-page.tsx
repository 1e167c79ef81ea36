import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schedule } from '#contract/schedules.ts';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useMe } from '../chat/use-me.ts';
import { GuestNote } from './guest-note.tsx';
import { MailNote } from './mail-note.tsx';
import { ScheduleCard } from './schedule-card.tsx';
import { ScheduleForm } from './schedule-form.tsx';
import { useSchedules } from './use-schedules.ts';

/** When stories are written by themselves, and for whom. */
export function SchedulesPage() {
  const { t } = useTranslation('schedules');
  const { data: me, ...asked } = useMe();
  const isAllowed = me !== undefined && me.role !== 'guest';
  const { data, ...list } = useSchedules(isAllowed);
  // Whose they are comes first.
  const { error, refetch } = me ? list : asked;
  const [open, setOpen] = useState<Schedule | 'new'>();
  if (open !== undefined)
    return <ScheduleForm schedule={open === 'new' ? undefined : open} onDone={() => setOpen(undefined)} />;
  if (me?.role === 'guest') {
    return (
      <Page title={t('page.title')} intro={t('page.intro')}>
        <GuestNote name={me.name} />
      </Page>
    );
  }
  const add = (
    <Button look={data?.items.length ? 'plain' : 'lamp'} onClick={() => setOpen('new')}>
      <Plus className="size-4" aria-hidden /> {t('page.new')}
    </Button>
  );
  const items = data?.items ?? [];
  return (
    <Page title={t('page.title')} intro={t('page.intro')} actions={items.length > 0 && add}>
      {error && !data && (
        <ErrorNote
          title={t('page.notLoaded')}
          traceId={traceIdOf(error)}
          actions={<Button onClick={() => void refetch()}>{t('page.loadThem')}</Button>}
        >
          {t('page.stillOnTime', { reason: sentenceOf(error) })}
        </ErrorNote>
      )}
      {me && !me.storyMails && items.some(({ mail }) => mail) && <MailNote />}
      {!data && !error && <Skeleton className="h-52 !rounded-card" />}
      {data && items.length === 0 && <Empty add={add} />}
      {items.length > 0 && (
        <ul className="flex flex-col gap-4">
          {items.map((schedule) => (
            <ScheduleCard key={schedule.id} schedule={schedule} onEdit={() => setOpen(schedule)} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function Empty({ add }: { readonly add: ReactNode }) {
  const { t } = useTranslation('schedules');
  return (
    <section className="flex flex-col items-start gap-3 rounded-card border border-line bg-surface p-6">
      <h2 className="font-serif text-heading">{t('page.emptyTitle')}</h2>
      <p className="text-ink-soft">{t('page.empty')}</p>
      {add}
    </section>
  );
}
