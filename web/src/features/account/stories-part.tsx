import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StorySettings } from '#contract/story-parts.ts';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field } from '../../ui/field.tsx';
import { SwitchField } from '../../ui/switch-field.tsx';
import { useLeaveGuard } from '../../ui/use-leave-guard.tsx';
import { LengthChoice } from '../stories/length-choice.tsx';
import { settingsOf, tellingOf } from '../stories/telling.ts';
import { TellingFields } from '../stories/telling-fields.tsx';
import { useChangeStorySettings, useStorySettings } from '../stories/use-stories.ts';
import { Loaded } from './loaded.tsx';
import { type Me, useChangeMe } from './use-my-account.ts';

/** How stories are told, and whether they come by mail. */
export function StoriesPart({ me }: { readonly me: Me }) {
  const { t } = useTranslation('account');
  return (
    <div className="flex max-w-150 flex-col gap-8">
      {me.email && <StoryMails isOn={me.storyMails} />}
      <p className="text-ink-soft">{t('stories.explained')}</p>
      <Loaded query={useStorySettings()} className="h-96">
        {(settings) => <Telling initial={settings} />}
      </Loaded>
    </div>
  );
}

function StoryMails({ isOn }: { readonly isOn: boolean }) {
  const { t } = useTranslation('account');
  const change = useChangeMe({
    saved: t(isOn ? 'stories.mailsOff' : 'stories.mailsOn'),
    failed: t('stories.mailsFailed'),
  });
  return (
    <SwitchField
      label={t('stories.mails')}
      hint={t('stories.mailsHint')}
      isOn={change.isPending ? !isOn : isOn}
      onChange={(storyMails) => change.mutate({ storyMails })}
    />
  );
}

const usualOf = ({ readerName, minutes }: StorySettings) => ({ readerName, minutes });
const isSame = (one: object, other: object) => JSON.stringify(one) === JSON.stringify(other);

function Telling({ initial }: { readonly initial: StorySettings }) {
  const { t } = useTranslation('account');
  const [readerName, setReaderName] = useState(initial.readerName);
  const [minutes, setMinutes] = useState(initial.minutes);
  const [telling, setTelling] = useState(() => tellingOf(initial));
  const save = useChangeStorySettings(t('stories.saved'));
  const change = { ...settingsOf(telling), readerName: readerName.trim(), minutes };
  const { dialog } = useLeaveGuard(!isSame(change, { ...settingsOf(tellingOf(initial)), ...usualOf(initial) }));
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(change);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-8">
      <Field
        label={t('stories.reader')}
        hint={t('stories.readerHint')}
        value={readerName}
        onValue={setReaderName}
        maxLength={60}
        autoComplete="off"
        dir="auto"
      />
      <LengthChoice minutes={minutes} onMinutes={setMinutes} />
      <TellingFields telling={telling} onChange={(changes) => setTelling((before) => ({ ...before, ...changes }))} />
      {save.error && (
        <ErrorNote title={t('stories.failed')} traceId={traceIdOf(save.error)}>
          <p>{sentenceOf(save.error)}</p>
          <p>{t('stories.kept')}</p>
        </ErrorNote>
      )}
      <Button look="lamp" type="submit" disabled={save.isPending} className="min-h-12 self-start !px-8 text-field">
        {t('stories.save')}
      </Button>
      {dialog}
    </form>
  );
}
