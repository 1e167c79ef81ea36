import { ChevronDown } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelInfo } from '#contract/models.ts';

interface ModelChoiceProps {
  readonly models: readonly ModelInfo[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** Which model answers; nothing to see where there is no choice. Not drawn anew with every key of the message beside it. */
export const ModelChoice = memo(function ModelChoice({ models, chosen, onChoose }: ModelChoiceProps) {
  const { t } = useTranslation('chat');
  if (models.length < 2) return null;
  return (
    <div className="relative min-w-0">
      <select
        aria-label={t('composer.model')}
        value={chosen}
        onChange={(event) => onChoose(event.target.value)}
        className="min-h-10 max-w-full [field-sizing:content] appearance-none truncate rounded-control bg-transparent py-1 pe-8 ps-2 text-ink-soft text-small hover:bg-sunken hover:text-ink"
      >
        {models.map(({ id, name }) => (
          <option key={id} value={id} className="bg-surface text-ink">
            {name}
          </option>
        ))}
      </select>
      <ChevronDown
        className="pointer-events-none absolute top-1/2 end-2 size-4 -translate-y-1/2 text-ink-soft"
        aria-hidden
      />
    </div>
  );
});
