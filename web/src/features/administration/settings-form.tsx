import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RuntimeSettings } from '#contract/administration.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { SwitchField } from '../../ui/switch-field.tsx';
import { TextAreaField } from '../../ui/text-area-field.tsx';
import { useLeaveGuard } from '../../ui/use-leave-guard.tsx';
import { Changed } from './changed.tsx';
import { NumberSetting } from './number-setting.tsx';
import { RefusedNote } from './refused-note.tsx';
import { budgetRoles, differenceOf, draftOf, type NumberField, numberFields, rebased } from './settings-draft.ts';
import { useChangeSettings, useModels } from './use-settings.ts';
import { mostTokens } from './whole-number.ts';

const registrations = ['open', 'invite', 'closed'] as const;

/** All settings in one form: what is changed is marked, and only that is sent. */
export function SettingsForm({ settings }: { readonly settings: RuntimeSettings }) {
  const { t } = useTranslation('administration');
  const [known, setKnown] = useState(settings);
  const [draft, setDraft] = useState(() => draftOf(settings));
  if (known !== settings) {
    setKnown(settings);
    setDraft(rebased(draft, known, settings));
  }
  const save = useChangeSettings();
  const models = useModels().data?.items ?? [];
  const { change, count, isValid } = differenceOf(settings, draft);
  const { dialog } = useLeaveGuard(count > 0);
  const set = (changes: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...changes }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (count > 0 && isValid) save.mutate(change, { onSuccess: (saved) => setDraft(draftOf(saved)) });
  };
  const number = (name: NumberField) => (
    <NumberSetting
      key={name}
      label={t(`fields.${name}`)}
      hint={t(`fields.${name}Hint`)}
      bounds={numberFields[name]}
      text={draft.numbers[name]}
      before={settings[name]}
      onText={(text) => set({ numbers: { ...draft.numbers, [name]: text } })}
    />
  );
  const modelName = (id: string) =>
    id === '' ? t('registration.serverModel') : (models.find((model) => model.id === id)?.name ?? id);
  const modelIds = [...new Set(['', ...models.map(({ id }) => id), settings.defaultModel])];
  return (
    <form onSubmit={submit} className="flex flex-col gap-8">
      <Group title={t('settings.doors')}>
        <div className="flex flex-col gap-2">
          <SelectField
            label={t('fields.registration')}
            value={draft.registration}
            onValue={(value) =>
              set({ registration: registrations.find((each) => each === value) ?? draft.registration })
            }
            options={registrations.map((each) => [each, t(`registration.${each}`)])}
          />
          <p className="text-ink-soft text-small">{t('fields.registrationHint')}</p>
          <Changed isShown={draft.registration !== settings.registration}>
            {t(`registration.${settings.registration}`)}
          </Changed>
        </div>
        <div className="flex flex-col gap-2">
          <SwitchField
            label={t('fields.guests')}
            hint={t('fields.guestsHint')}
            isOn={draft.guests}
            onChange={(guests) => set({ guests })}
          />
          <Changed isShown={draft.guests !== settings.guests}>
            {t(settings.guests ? 'settings.yes' : 'settings.no')}
          </Changed>
        </div>
      </Group>
      <Group title={t('settings.models')}>
        <div className="flex flex-col gap-2">
          <SelectField
            label={t('fields.defaultModel')}
            value={draft.defaultModel}
            onValue={(defaultModel) => set({ defaultModel })}
            options={modelIds.map((id) => [id, modelName(id)])}
          />
          <p className="text-ink-soft text-small">{t('fields.defaultModelHint')}</p>
          <Changed isShown={draft.defaultModel !== settings.defaultModel}>{modelName(settings.defaultModel)}</Changed>
        </div>
      </Group>
      <Group title={t('settings.limits')}>
        {(['messagesPerMinute', 'runningAnswers', 'openSockets'] as const).map(number)}
      </Group>
      <Group title={t('settings.budgets')} hint={t('fields.budgetHint')}>
        {budgetRoles.map((role) => (
          <NumberSetting
            key={role}
            label={t(`fields.${role}`)}
            bounds={[0, mostTokens]}
            text={draft.budgets[role]}
            before={settings.budgets[role]}
            onText={(text) => set({ budgets: { ...draft.budgets, [role]: text } })}
          />
        ))}
      </Group>
      <Group title={t('settings.stories')}>{(['storiesPerDay', 'runningStories'] as const).map(number)}</Group>
      <Group title={t('settings.banner')}>
        <div className="flex flex-col gap-2 @xl:col-span-2">
          <TextAreaField
            label={t('fields.banner')}
            hint={t('fields.bannerHint')}
            value={draft.banner}
            maxLength={500}
            rows={2}
            onValue={(banner) => set({ banner: banner.replaceAll('\n', ' ') })}
          />
          <Changed isShown={draft.banner !== settings.banner}>{settings.banner || t('settings.empty')}</Changed>
          {draft.banner && (
            <figure className="flex flex-col gap-2">
              <figcaption className="text-ink-soft text-small">{t('fields.bannerPreview')}</figcaption>
              <Banner text={draft.banner} />
            </figure>
          )}
        </div>
      </Group>
      {save.error && count > 0 && (
        <RefusedNote title={t('settings.notSaved')} kept={t('settings.notSavedKept')} error={save.error} />
      )}
      <div className="sticky bottom-0 -mx-4 flex flex-wrap items-center gap-3 border-line border-t bg-paper px-4 py-3">
        <Button type="submit" look="lamp" disabled={count === 0 || !isValid || save.isPending}>
          {count === 0 ? t('settings.nothing') : t('settings.save', { count })}
        </Button>
        {count > 0 && <Button onClick={() => setDraft(draftOf(settings))}>{t('settings.discard')}</Button>}
      </div>
      {dialog}
    </form>
  );
}

interface GroupProps {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

const Group = ({ title, hint, children }: GroupProps) => (
  <fieldset className="min-w-0">
    <legend className="font-semibold text-title">{title}</legend>
    {hint && <p className="mt-1 text-ink-soft">{hint}</p>}
    <div className="mt-4 grid items-start gap-x-6 gap-y-5 @xl:grid-cols-2">{children}</div>
  </fieldset>
);
