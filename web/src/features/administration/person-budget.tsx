import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Chip, ChipGroup } from '../../ui/chip.tsx';
import { Field } from '../../ui/field.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Panel } from './panel.tsx';
import { type Person, useChangePerson } from './use-people.ts';
import { useSettings } from './use-settings.ts';
import { mostTokens, readWhole } from './whole-number.ts';

/** How many tokens a person may use a day: as many as their role, or an own number. */
export function PersonBudget({ person: { id, role, dailyTokenBudget: before } }: { readonly person: Person }) {
  const { t } = useTranslation('administration');
  const { data: settings, isPending } = useSettings();
  const ofRole = settings?.budgets[role];
  const [isOwn, setOwn] = useState(before !== undefined);
  const [typed, setTyped] = useState<string>();
  const text = typed ?? String(before ?? ofRole ?? '');
  const change = useChangePerson(id);
  const amount = readWhole(text, 0, mostTokens);
  const next = isOwn ? amount : null;
  const isChanged = next !== undefined && next !== (before ?? null);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!isChanged) return;
    change.mutate({
      change: { dailyTokenBudget: next },
      words: { done: t('budget.done'), failed: t('budget.failed') },
    });
  };
  if (isPending) {
    return (
      <Panel title={t('budget.title')}>
        <Skeleton className="h-44 w-full" />
      </Panel>
    );
  }
  return (
    <Panel title={t('budget.title')}>
      <form onSubmit={save} className="flex flex-col items-start gap-4">
        <ChipGroup label={t('budget.which')}>
          <Chip type="radio" name="budget" isOn={!isOwn} onChange={() => setOwn(false)}>
            {ofRole === undefined ? t('budget.ofRole') : t('budget.ofRoleAmount', { amount: formatNumber(ofRole) })}
          </Chip>
          <Chip type="radio" name="budget" isOn={isOwn} onChange={() => setOwn(true)}>
            {t('budget.own')}
          </Chip>
        </ChipGroup>
        {isOwn && (
          <Field
            label={t('budget.amount')}
            hint={t('budget.hint', { max: formatNumber(mostTokens) })}
            inputMode="numeric"
            value={text}
            aria-invalid={amount === undefined}
            onValue={setTyped}
          />
        )}
        <Button type="submit" disabled={!isChanged || change.isPending}>
          {t('budget.save')}
        </Button>
      </form>
    </Panel>
  );
}
