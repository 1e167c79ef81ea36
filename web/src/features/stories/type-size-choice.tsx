import { useTranslation } from 'react-i18next';
import { type TypeSize, typeSizes } from './use-type-size.ts';

const letters: Readonly<Record<TypeSize, string>> = {
  small: 'text-small',
  medium: 'text-field',
  large: 'text-title',
  larger: 'text-heading',
};

interface TypeSizeChoiceProps {
  readonly size: TypeSize;
  readonly onSize: (size: TypeSize) => void;
}

/** One letter for each size that a story can be set in. */
export function TypeSizeChoice({ size, onSize }: TypeSizeChoiceProps) {
  const { t } = useTranslation('stories');
  return (
    <fieldset className="flex print:hidden">
      <legend className="sr-only">{t('reading.size')}</legend>
      {typeSizes.map((each) => (
        <label
          key={each}
          title={t(`reading.${each}`)}
          className="grid size-10 cursor-pointer place-items-center rounded-control text-ink-soft transition-colors duration-120 hover:bg-line/50 hover:text-ink has-checked:font-semibold has-checked:text-lamp-strong has-focus-visible:outline-2 has-focus-visible:outline-lamp-strong"
        >
          <input
            type="radio"
            name="type-size"
            aria-label={t(`reading.${each}`)}
            checked={each === size}
            onChange={() => onSize(each)}
            className="sr-only"
          />
          <span
            aria-hidden
            className={`border-b-2 border-transparent px-0.5 font-serif leading-7 ${letters[each]} ${each === size ? 'border-lamp-strong' : ''}`}
          >
            {t('reading.letter')}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
