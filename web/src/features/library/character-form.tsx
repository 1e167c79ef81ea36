import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import type { Character } from '#contract/story-parts.ts';
import { Field } from '../../ui/field.tsx';
import { TextAreaField } from '../../ui/text-area-field.tsx';
import { useMe } from '../chat/use-me.ts';
import { FormDialog } from './form-dialog.tsx';
import { ListField, written } from './list-field.tsx';
import { characters, type NewCharacter } from './part-apis.ts';
import { type ChosenPicture, PictureField } from './picture-field.tsx';
import { RefusedNote } from './refused-note.tsx';
import { useSavePart, useSetPicture } from './use-parts.ts';
import { type Problems, useProblems } from './use-problems.ts';

interface CharacterFormProps {
  /** The one that is changed; absent: a new one. */
  readonly character: Character | undefined;
  readonly onDone: () => void;
}

const blank: NewCharacter = { name: '', who: '', traits: [''] };
const textOf = ({ name, who, traits }: NewCharacter): NewCharacter => ({ name, who, traits });
const isSame = (one: NewCharacter, other: NewCharacter) => JSON.stringify(one) === JSON.stringify(other);

/** A character as it is made or changed. Its words are saved first, then its picture. */
export function CharacterForm({ character, onDone }: CharacterFormProps) {
  const { t } = useTranslation('library');
  const { data: me } = useMe();
  const [saved, setSaved] = useState(character);
  const [draft, setDraft] = useState(saved ? textOf(saved) : blank);
  const [chosen, setChosen] = useState<ChosenPicture>();
  const save = useSavePart(characters);
  const picture = useSetPicture();
  const { form, problems, check, touch } = useProblems(save.error);
  const change = (changes: Partial<NewCharacter>) => {
    setDraft({ ...draft, ...changes });
    for (const field of Object.keys(changes)) touch(field);
  };
  const before = saved ? textOf(saved) : blank;
  const done = ({ name }: Character) => {
    toast.success(t('result.saved', { name }));
    onDone();
  };
  const savePicture = (one: Character) => {
    if (!chosen) return done(one);
    picture.mutate({ id: one.id, file: chosen === 'drawn' ? undefined : chosen }, { onSuccess: done });
  };
  const submit = () => {
    const traits = written(draft.traits);
    const body = { name: draft.name.trim(), who: draft.who.trim(), traits };
    setDraft({ ...draft, traits: traits.length > 0 ? traits : [''] });
    const missing: Problems = {
      ...(!body.name && { name: t('characters.nameMissing') }),
      ...(!body.who && { who: t('characters.whoMissing') }),
      ...(traits.length === 0 && { traits: t('characters.traitsMissing') }),
    };
    if (!check(missing)) return;
    picture.reset();
    if (saved && isSame(body, before)) return savePicture(saved);
    save.mutate(
      { id: saved?.id, body, isFirstOfTwo: chosen !== undefined },
      {
        onSuccess: (one) => {
          setSaved(one);
          setDraft(textOf(one));
          savePicture(one);
        },
      },
    );
  };
  return (
    <FormDialog
      title={character ? t('actions.edit', { name: character.name }) : t('characters.new')}
      form={form}
      isDirty={!isSame(draft, before) || chosen !== undefined}
      isPending={save.isPending || picture.isPending}
      onSubmit={submit}
      onClose={onDone}
    >
      {me?.role === 'guest' ? (
        <p className="text-ink-soft text-small">{t('picture.guest')}</p>
      ) : (
        <PictureField character={saved} name={draft.name} chosen={chosen} onChosen={setChosen} />
      )}
      <Field
        label={t('characters.name')}
        value={draft.name}
        onValue={(name) => change({ name })}
        problem={problems['name']}
        maxLength={60}
        dir="auto"
        autoComplete="off"
      />
      <TextAreaField
        label={t('characters.who')}
        hint={t('characters.whoHint')}
        value={draft.who}
        onValue={(who) => change({ who })}
        problem={problems['who']}
        maxLength={300}
        rows={2}
      />
      <ListField
        label={t('characters.traits')}
        lineLabel={(number) => t('characters.trait', { number })}
        hint={t('characters.traitsHint')}
        placeholder={t('characters.traitExample')}
        path="traits"
        problems={problems}
        lines={draft.traits}
        onLines={(traits) => change({ traits: [...traits] })}
        mostLines={6}
        maxLength={60}
      />
      <RefusedNote title={t('form.notSaved')} error={save.error} />
      <RefusedNote title={t('picture.notSaved')} error={picture.error} />
    </FormDialog>
  );
}
