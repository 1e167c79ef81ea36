import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { LoadError } from './load-error.tsx';
import { usePeople, usePerson, useSettled } from './use-people.ts';

interface PersonFilterProps {
  readonly personId: string | undefined;
  readonly onChange: (personId: string | undefined) => void;
}

/** One person or everybody. */
export const PersonFilter = ({ personId, onChange }: PersonFilterProps) =>
  personId ? <Chosen id={personId} onClear={() => onChange(undefined)} /> : <Finder onFound={onChange} />;

function Chosen({ id, onClear }: { readonly id: string; readonly onClear: () => void }) {
  const { t } = useTranslation('administration');
  const { data } = usePerson(id);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p className="font-medium">{t('audit.person')}</p>
      <div className="flex min-h-12 flex-wrap items-center gap-2">
        <span className="min-w-0 truncate">{t('audit.ofPerson', { name: data?.name ?? id })}</span>
        <Button look="quiet" onClick={onClear}>
          <X className="size-4" aria-hidden /> {t('audit.clearPerson')}
        </Button>
      </div>
    </div>
  );
}

const mostShown = 5;

function Finder({ onFound }: { readonly onFound: (id: string) => void }) {
  const { t } = useTranslation('administration');
  const [text, setText] = useState('');
  const q = useSettled(text.trim());
  const list = usePeople({ q, role: undefined, disabled: undefined }, q !== '');
  const found = q === '' ? undefined : list.data?.pages[0]?.items.slice(0, mostShown);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field type="search" label={t('audit.findPerson')} value={text} maxLength={200} onValue={setText} />
      {q !== '' && list.error && (
        <LoadError title={t('people.failed')} error={list.error} onRetry={() => void list.refetch()} />
      )}
      <div role="status" className="flex flex-wrap gap-2">
        {found?.length === 0 && <p className="text-ink-soft text-small">{t('audit.nobodyFound')}</p>}
        {found?.map(({ id, name, email }) => (
          <Button key={id} title={email} onClick={() => onFound(id)} className="max-w-full">
            <span className="truncate">{name}</span>
          </Button>
        ))}
      </div>
    </div>
  );
}
