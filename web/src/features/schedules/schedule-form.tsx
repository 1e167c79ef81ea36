import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import type { Schedule } from '#contract/schedules.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Field } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { useLeaveGuard } from '../../ui/use-leave-guard.tsx';
import { useMe } from '../chat/use-me.ts';
import { timeZone } from '../sign-in/time-zone.ts';
import { LengthChoice } from '../stories/length-choice.tsx';
import { CharacterChoice, SceneChoice } from '../stories/part-choices.tsx';
import { StoryRefused } from '../stories/story-refused.tsx';
import { TellingFields } from '../stories/telling-fields.tsx';
import { useStorySettings } from '../stories/use-stories.ts';
import { NextTimes } from './next-times.tsx';
import { draftOf, isWhole, type ScheduleDraft, scheduleOf } from './schedule-draft.ts';
import { TimingFields } from './timing-fields.tsx';
import { useSaveSchedule } from './use-schedules.ts';
import { ZoneChoice, zoneFor, zonesOffered } from './zone-choice.tsx';

interface ScheduleFormProps {
  /** The one that is changed; absent: a new one. */
  readonly schedule: Schedule | undefined;
  readonly onDone: () => void;
}

/** A schedule as it is set up: for whom, when, and what its stories are like. */
export function ScheduleForm({ schedule, onDone }: ScheduleFormProps) {
  const { t } = useTranslation('schedules');
  const me = useMe().data;
  const ownZone = timeZone();
  const usual = useStorySettings();
  const settings = schedule?.settings ?? usual.data;
  const title = schedule ? t('form.edit', { name: schedule.name }) : t('form.new');
  if (!me || !settings) {
    return (
      <Page title={title}>
        <StoryRefused error={usual.error} />
        {!usual.error && <div aria-busy="true" className="min-h-40" />}
        <Button className="self-start" onClick={onDone}>
          {t('form.back')}
        </Button>
      </Page>
    );
  }
  return (
    <Page title={title}>
      <Fields
        id={schedule?.id}
        initial={draftOf(schedule, settings, zoneFor(me.timeZone, ownZone))}
        zones={schedule ? [] : zonesOffered(me.timeZone, ownZone)}
        hasMail={me.email !== undefined}
        onDone={onDone}
      />
    </Page>
  );
}

const isSame = (one: ScheduleDraft, other: ScheduleDraft) => JSON.stringify(one) === JSON.stringify(other);

interface FieldsProps {
  readonly id: string | undefined;
  readonly initial: ScheduleDraft;
  /** Between which zones a new one may choose: the account's and the browser's, where they differ. */
  readonly zones: readonly string[];
  readonly hasMail: boolean;
  readonly onDone: () => void;
}

function Fields({ id, initial, zones, hasMail, onDone }: FieldsProps) {
  const { t } = useTranslation('schedules');
  const [begun] = useState(initial);
  const [draft, setDraft] = useState(begun);
  const change = (changes: Partial<ScheduleDraft>) => setDraft((before) => ({ ...before, ...changes }));
  const { settings, telling } = draft;
  const save = useSaveSchedule(id);
  const { leave, leaveSaved, dialog } = useLeaveGuard(!isSame(draft, begun));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isWhole(draft)) return;
    save.mutate(scheduleOf(draft), {
      onSuccess: ({ name }) => {
        toast.success(t('results.saved', { name }));
        leaveSaved(onDone);
      },
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-8">
      <Field
        label={t('form.reader')}
        hint={t('form.readerHint')}
        value={draft.reader}
        onValue={(reader) => change({ reader })}
        required
        maxLength={60}
        autoComplete="off"
        dir="auto"
        autoFocus
        className="sm:max-w-80"
      />
      <TimingFields draft={draft} onChange={change} />
      <ZoneChoice zones={zones} chosen={draft.timeZone} onChosen={(zone) => change({ timeZone: zone })} />
      <NextTimes timing={draft.timing} timeZone={draft.timeZone} isWhole={isWhole(draft)} />
      <LengthChoice
        minutes={settings.minutes}
        onMinutes={(minutes) => change({ settings: { ...settings, minutes } })}
      />
      <TellingFields telling={telling} onChange={(changes) => change({ telling: { ...telling, ...changes } })} />
      <details className="group">
        <summary className="min-h-10 font-medium leading-10">{t('form.about')}</summary>
        <div className="flex flex-col gap-8 pt-4">
          <Field
            label={t('form.idea')}
            hint={t('form.ideaHint')}
            value={draft.idea}
            onValue={(idea) => change({ idea })}
            maxLength={2000}
            dir="auto"
          />
          <CharacterChoice chosen={draft.characterIds} onChosen={(characterIds) => change({ characterIds })} />
          <SceneChoice chosen={draft.sceneIds} onChosen={(sceneIds) => change({ sceneIds })} />
        </div>
      </details>
      <div className="flex flex-col items-start gap-2">
        <Chip isOn={draft.mail} onChange={(mail) => change({ mail })}>
          {t('form.mail')}
        </Chip>
        {draft.mail && !hasMail && <p className="text-ink-soft text-small">{t('form.noAddress')}</p>}
      </div>
      <StoryRefused error={save.error} />
      <div className="flex flex-wrap gap-2">
        <Button
          look="lamp"
          type="submit"
          disabled={save.isPending || !isWhole(draft)}
          className="min-h-12 !px-8 text-field"
        >
          {t('form.save')}
        </Button>
        <Button className="min-h-12 text-field" onClick={() => leave(onDone)}>
          {t('form.cancel')}
        </Button>
      </div>
      {dialog}
    </form>
  );
}
