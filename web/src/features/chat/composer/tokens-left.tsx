import { Hourglass } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '../../../ui/format.ts';
import { useUsage } from './use-usage.ts';

/** Below this share of the day's tokens, what is left is shown. */
const fewShare = 0.2;

/** How many tokens are left today, where they are few, and when there are more. Not drawn anew with every key. */
export const TokensLeft = memo(function TokensLeft() {
  const { t } = useTranslation('chat');
  const tokens = useUsage().data?.tokens;
  if (!tokens || tokens.left >= tokens.budget * fewShare) return null;
  const { left, budget, resetsAt } = tokens;
  const moment = formatMoment(resetsAt);
  return (
    <p role="note" className={`mt-2 text-balance text-center text-small ${left ? 'text-ink-soft' : 'text-warn'}`}>
      <Hourglass className="me-1.5 mb-0.5 inline size-3.5" aria-hidden />
      {left ? t('tokens.left', { left, budget, moment }) : t('tokens.spent', { moment })}
    </p>
  );
});
