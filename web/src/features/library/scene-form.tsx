import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import type { Scene } from '#contract/story-parts.ts';
import { Field } from '../../ui/field.tsx';
import { FormDialog } from './form-dialog.tsx';
import { ListField, written } from './list-field.tsx';
import { type NewScene, scenes } from './part-apis.ts';
import { RefusedNote } from './refused-note.tsx';
import { useSavePart } from './use-parts.ts';
import { type Problems, useProblems } from './use-problems.ts';

interface SceneFormProps {
  /** The one that is changed; absent: a new one. */
  readonly scene: Scene | undefined;
  readonly onDone: () => void;
}

const blank: NewScene = { place: '', mood: '', events: [''] };
const textOf = ({ place, mood, events }: NewScene): NewScene => ({ place, mood, events });

/** A scene as it is made or changed. */
export function SceneForm({ scene, onDone }: SceneFormProps) {
  const { t } = useTranslation('library');
  const before = scene ? textOf(scene) : blank;
  const [draft, setDraft] = useState(before);
  const save = useSavePart(scenes);
  const { form, problems, check, touch } = useProblems(save.error);
  const change = (changes: Partial<NewScene>) => {
    setDraft({ ...draft, ...changes });
    for (const field of Object.keys(changes)) touch(field);
  };
  const submit = () => {
    const events = written(draft.events);
    const body = { place: draft.place.trim(), mood: draft.mood.trim(), events };
    setDraft({ ...draft, events: events.length > 0 ? events : [''] });
    const missing: Problems = {
      ...(!body.place && { place: t('scenes.placeMissing') }),
      ...(!body.mood && { mood: t('scenes.moodMissing') }),
      ...(events.length === 0 && { events: t('scenes.eventsMissing') }),
    };
    if (!check(missing)) return;
    save.mutate(
      { id: scene?.id, body },
      {
        onSuccess: ({ place }) => {
          toast.success(t('result.saved', { name: place }));
          onDone();
        },
      },
    );
  };
  return (
    <FormDialog
      title={scene ? t('actions.edit', { name: scene.place }) : t('scenes.new')}
      form={form}
      isDirty={JSON.stringify(draft) !== JSON.stringify(before)}
      isPending={save.isPending}
      onSubmit={submit}
      onClose={onDone}
    >
      <Field
        label={t('scenes.place')}
        placeholder={t('scenes.placeExample')}
        value={draft.place}
        onValue={(place) => change({ place })}
        problem={problems['place']}
        maxLength={100}
        dir="auto"
        autoComplete="off"
      />
      <Field
        label={t('scenes.mood')}
        placeholder={t('scenes.moodExample')}
        value={draft.mood}
        onValue={(mood) => change({ mood })}
        problem={problems['mood']}
        maxLength={100}
        dir="auto"
        autoComplete="off"
      />
      <ListField
        label={t('scenes.events')}
        lineLabel={(number) => t('scenes.event', { number })}
        hint={t('scenes.eventsHint')}
        placeholder={t('scenes.eventExample')}
        path="events"
        problems={problems}
        lines={draft.events}
        onLines={(events) => change({ events: [...events] })}
        mostLines={6}
        maxLength={200}
      />
      <RefusedNote title={t('form.notSaved')} error={save.error} />
    </FormDialog>
  );
}
