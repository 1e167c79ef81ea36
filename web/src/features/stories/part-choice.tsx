import i18next from 'i18next';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type Part, PartCard } from './part-card.tsx';

interface PartChoiceProps {
  readonly label: string;
  readonly most: number;
  readonly parts: readonly Part[] | undefined;
  /** Each has a picture. */
  readonly isPictured?: boolean;
  readonly trouble: ReactNode;
  readonly chosen: readonly string[];
  readonly onChosen: (ids: readonly string[]) => void;
}

/** From so many on they can be searched by name. */
const manyParts = 16;

/** Some of many, as cards: one's own first, so that neither hides the other. */
export function PartChoice({ label, most, parts, isPictured = false, trouble, chosen, onChosen }: PartChoiceProps) {
  const { t } = useTranslation('stories');
  const [wanted, setWanted] = useState('');
  const isFull = chosen.length >= most;
  const found = parts?.filter(({ name }) => holds(name, wanted)) ?? [];
  const shared = {
    chosen,
    isFull,
    isSearched: wanted.trim() !== '',
    onToggle: (id: string, isOn: boolean) => onChosen(isOn ? [...chosen, id] : chosen.filter((each) => each !== id)),
  };
  const mine = found.filter(({ isMine }) => isMine);
  return (
    <fieldset className="flex min-w-0 flex-col">
      <legend className="mb-1 font-medium">{label}</legend>
      <p className="mb-3 text-ink-soft text-small">
        {t('parts.most', { max: formatNumber(most) })} {isFull && t('parts.full')}
      </p>
      <div className="flex flex-col gap-4">
        {parts && parts.length > manyParts && (
          <Field label={t('parts.find')} type="search" value={wanted} onValue={setWanted} className="sm:max-w-80" />
        )}
        {mine.length > 0 && <Group {...shared} title={t('parts.mine')} parts={mine} />}
        <Group
          {...shared}
          title={mine.length > 0 ? t('parts.library') : undefined}
          parts={found.filter(({ isMine }) => !isMine)}
        />
        {!parts && !trouble && <Awaited isPictured={isPictured} />}
        {parts?.length === 0 && <p className="text-ink-soft text-small">{t('parts.none')}</p>}
        {parts && parts.length > 0 && found.length === 0 && (
          <p className="text-ink-soft text-small">{t('parts.noneFound')}</p>
        )}
        {trouble}
      </div>
    </fieldset>
  );
}

interface GroupProps extends Pick<PartChoiceProps, 'chosen'> {
  readonly title: string | undefined;
  readonly parts: readonly Part[];
  readonly isFull: boolean;
  /** All that was found is shown. */
  readonly isSearched: boolean;
  readonly onToggle: (id: string, isOn: boolean) => void;
}

/** So many are shown before all are asked for. */
const shownAtFirst = 10;
const grid = 'grid grid-cols-[repeat(auto-fill,minmax(8rem,1fr))] gap-3';

function Group({ title, parts, chosen, isFull, isSearched, onToggle }: GroupProps) {
  const { t } = useTranslation('stories');
  const [isLong, setLong] = useState(false);
  const isWhole = isLong || isSearched;
  const shown = parts.filter(({ id }, index) => isWhole || index < shownAtFirst || chosen.includes(id));
  const hidden = parts.length - shown.length;
  if (parts.length === 0) return null;
  return (
    <div className="flex flex-col gap-2">
      {title && <p className="text-ink-soft text-small">{title}</p>}
      <div className={grid}>
        {shown.map((part) => {
          const isOn = chosen.includes(part.id);
          return (
            <PartCard
              key={part.id}
              part={part}
              isOn={isOn}
              isDisabled={isFull && !isOn}
              onChange={(on) => onToggle(part.id, on)}
            />
          );
        })}
      </div>
      {hidden > 0 && (
        <Button look="quiet" className="self-start text-small" onClick={() => setLong(true)}>
          {t('parts.more', { hidden: formatNumber(hidden) })}
        </Button>
      )}
    </div>
  );
}

/** The library has more than are shown at first, so this is as high as what comes. */
function Awaited({ isPictured }: { readonly isPictured: boolean }) {
  const { t } = useTranslation('stories');
  return (
    <>
      <span className="sr-only">{t('loading')}</span>
      <Skeleton className="h-17 max-w-80" />
      <div className={grid}>
        {Array.from({ length: shownAtFirst }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
          <Skeleton key={index} className={isPictured ? 'h-46' : 'h-26'} />
        ))}
      </div>
      <div className="h-10" />
    </>
  );
}

/** Whether a name has the words, in whatever case. */
const holds = (name: string, words: string): boolean =>
  name.toLocaleLowerCase(i18next.language).includes(words.trim().toLocaleLowerCase(i18next.language));
