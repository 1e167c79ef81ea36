import { BookmarkPlus } from 'lucide-react';
import { type FormEvent, type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '#contract/accounts.ts';
import { Button } from '../../ui/button.tsx';
import { Chip, ChipGroup } from '../../ui/chip.tsx';
import { Field } from '../../ui/field.tsx';
import { formatTime } from '../../ui/format.ts';
import { SearchSelect } from '../../ui/search-select.tsx';
import { themes, useTheme } from '../../ui/theme.ts';
import { useChat } from '../chat/chat-context.ts';
import { queryKeys } from '../chat/live/message-cache.ts';
import { languages } from '../language/languages.ts';
import { useLanguageChange } from '../language/use-language-change.ts';
import { useSignInOptions } from '../sign-in/sign-in-options.ts';
import { KeepDialog } from './keep-dialog.tsx';
import { type Me, useChangeMe } from './use-my-account.ts';

/** Name, time zone, language and theme. */
export function ProfilePart({ me }: { readonly me: Me }) {
  const { t } = useTranslation('account');
  return (
    <div className="flex max-w-120 flex-col gap-8">
      {me.role === 'guest' && <Keep name={me.name} />}
      <NameForm key={me.name} name={me.name} />
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
        {me.email && <Fact name={t('profile.email')}>{me.email}</Fact>}
        <Fact name={t('profile.role')}>{t(`role.${me.role}`)}</Fact>
      </dl>
      <TimeZone timeZone={me.timeZone} />
      <LanguageOfMe />
      <Theme />
    </div>
  );
}

/** A guest keeps everything by an account. */
function Keep({ name }: { readonly name: string }) {
  const { t } = useTranslation('account');
  const { options } = useSignInOptions();
  const [isOpen, setOpen] = useState(false);
  if (options?.registration !== 'open') return null;
  return (
    <div className="flex flex-col items-start gap-3 rounded-card border border-line bg-surface p-4">
      <p>{t('keep.explained')}</p>
      <Button look="lamp" onClick={() => setOpen(true)}>
        <BookmarkPlus className="size-4" aria-hidden /> {t('foot.keep')}
      </Button>
      {isOpen && <KeepDialog name={name} onClose={() => setOpen(false)} />}
    </div>
  );
}

function NameForm({ name: given }: { readonly name: string }) {
  const { t } = useTranslation('account');
  const [name, setName] = useState(given);
  const change = useChangeMe({ saved: t('profile.nameSaved'), failed: t('profile.nameFailed') });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ name: name.trim() });
  };
  const isNew = name.trim() !== '' && name.trim() !== given;
  return (
    <form onSubmit={onSubmit} className="flex flex-wrap items-end gap-3">
      <div className="min-w-0 flex-1 basis-56">
        <Field label={t('profile.name')} value={name} onValue={setName} required maxLength={60} autoComplete="name" />
      </div>
      <Button type="submit" className="min-h-12" disabled={!isNew || change.isPending}>
        {t('profile.save')}
      </Button>
    </form>
  );
}

function TimeZone({ timeZone }: { readonly timeZone: string }) {
  const { t } = useTranslation('account');
  const change = useChangeMe({ saved: t('profile.zoneSaved'), failed: t('profile.zoneFailed') });
  const zones = useMemo(() => {
    const known = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', timeZone]);
    return [...known].sort().map((zone) => [zone, zone.replaceAll('_', ' ')] as const);
  }, [timeZone]);
  return (
    <SearchSelect
      label={t('profile.timeZone')}
      hint={t('profile.timeThere', { time: formatTime(new Date(), timeZone) })}
      noMatch={t('profile.noZone')}
      value={change.isPending ? (change.variables.timeZone ?? timeZone) : timeZone}
      onValue={(zone) => change.mutate({ timeZone: zone })}
      options={zones}
    />
  );
}

function LanguageOfMe() {
  const { t, i18n } = useTranslation('account');
  const { queries } = useChat();
  const { change } = useLanguageChange((saved) => queries.setQueryData(queryKeys.me, saved));
  return (
    <ChipGroup label={t('profile.language')} hint={t('profile.languageHint')}>
      {languages.map(({ code, name }) => (
        <Chip
          key={code}
          type="radio"
          name="language"
          isOn={i18n.language === code}
          onChange={() => void change(code satisfies Language)}
        >
          <span lang={code}>{name}</span>
        </Chip>
      ))}
    </ChipGroup>
  );
}

function Theme() {
  const { t } = useTranslation('account');
  const [theme, choose] = useTheme();
  return (
    <ChipGroup label={t('profile.theme')}>
      {themes.map((each) => (
        <Chip key={each} type="radio" name="theme" isOn={each === theme} onChange={() => choose(each)}>
          {t(`profile.${each}`)}
        </Chip>
      ))}
    </ChipGroup>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt className="text-ink-soft">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);
