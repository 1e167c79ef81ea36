import { type FormEvent, useState } from 'react';
import type { Schedule } from '#contract/schedules.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Field } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { useMe } from '../chat/use-me.ts';
import { LengthChoice } from '../stories/length-choice.tsx';
import { CharacterChoice, SceneChoice } from '../stories/part-choices.tsx';
import { StoryRefused } from '../stories/story-refused.tsx';
import { TellingFields } from '../stories/telling-fields.tsx';
import { useStorySettings } from '../stories/use-stories.ts';
import { NextTimes } from './next-times.tsx';
import { draftOf, isWhole, type ScheduleDraft, scheduleOf } from './schedule-draft.ts';
import { TimingFields } from './timing-fields.tsx';
import { useSaveSchedule } from './use-schedules.ts';

interface ScheduleFormProps {
  /** The one that is changed; absent: a new one. */
  readonly schedule: Schedule | undefined;
  readonly onDone: () => void;
}

/** A schedule as it is set up: for whom, when, and what its stories are like. */
export function ScheduleForm({ schedule, onDone }: ScheduleFormProps) {
  const me = useMe().data;
  const usual = useStorySettings();
  const settings = schedule?.settings ?? usual.data;
  const title = schedule ? `Edit ${schedule.name}` : 'New schedule';
  if (!me || !settings) {
    return (
      <Page title={title}>
        <StoryRefused error={usual.error} />
        {!usual.error && <div aria-busy="true" className="min-h-40" />}
        <Button className="self-start" onClick={onDone}>
          Back
        </Button>
      </Page>
    );
  }
  return (
    <Page title={title}>
      <Fields
        id={schedule?.id}
        initial={draftOf(schedule, settings, me.timeZone)}
        hasMail={me.email !== undefined}
        onDone={onDone}
      />
    </Page>
  );
}

interface FieldsProps {
  readonly id: string | undefined;
  readonly initial: ScheduleDraft;
  readonly hasMail: boolean;
  readonly onDone: () => void;
}

function Fields({ id, initial, hasMail, onDone }: FieldsProps) {
  const [draft, setDraft] = useState(initial);
  const change = (changes: Partial<ScheduleDraft>) => setDraft((before) => ({ ...before, ...changes }));
  const { settings, telling } = draft;
  const save = useSaveSchedule(id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole(draft)) save.mutate(scheduleOf(draft), { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-8">
      <Field
        label="Who is it for?"
        hint="The name stands in the stories."
        value={draft.reader}
        onValue={(reader) => change({ reader })}
        required
        maxLength={60}
        autoComplete="off"
        autoFocus
        className="max-w-80"
      />
      <TimingFields draft={draft} onChange={change} />
      <NextTimes timing={draft.timing} timeZone={draft.timeZone} isWhole={isWhole(draft)} />
      <LengthChoice
        minutes={settings.minutes}
        onMinutes={(minutes) => change({ settings: { ...settings, minutes } })}
      />
      <TellingFields telling={telling} onChange={(changes) => change({ telling: { ...telling, ...changes } })} />
      <details className="group">
        <summary className="min-h-10 font-medium leading-10">Who and what they are about</summary>
        <div className="flex flex-col gap-8 pt-4">
          <Field
            label="What are they about?"
            hint="Empty: anything."
            value={draft.idea}
            onValue={(idea) => change({ idea })}
            maxLength={2000}
          />
          <CharacterChoice chosen={draft.characterIds} onChosen={(characterIds) => change({ characterIds })} />
          <SceneChoice chosen={draft.sceneIds} onChosen={(sceneIds) => change({ sceneIds })} />
        </div>
      </details>
      <div className="flex flex-col items-start gap-2">
        <Chip isOn={draft.mail} onChange={(mail) => change({ mail })}>
          Send each story to me by mail
        </Chip>
        {draft.mail && !hasMail && (
          <p className="text-ink-soft text-small">Your account has no e-mail address, so none can be sent yet.</p>
        )}
      </div>
      <StoryRefused error={save.error} />
      <div className="flex flex-wrap gap-2">
        <Button
          look="lamp"
          type="submit"
          disabled={save.isPending || !isWhole(draft)}
          className="min-h-12 !px-8 text-[1rem]"
        >
          Save
        </Button>
        <Button className="min-h-12 text-[1rem]" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
