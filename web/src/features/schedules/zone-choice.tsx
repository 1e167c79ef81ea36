import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { zoneWords } from '../../ui/days.ts';

/** What a new schedule begins with. An account whose zone nobody set has UTC: then the browser knows better. */
export const zoneFor = (account: string, browser: string | undefined): string =>
  account === 'UTC' ? (browser ?? account) : account;

/** Both zones, that of the account first, where the account has UTC and the browser has not. */
export const zonesOffered = (account: string, browser: string | undefined): readonly string[] =>
  account === 'UTC' && browser !== undefined && browser !== account ? [account, browser] : [];

interface ZoneChoiceProps {
  readonly zones: readonly string[];
  readonly chosen: string;
  readonly onChosen: (zone: string) => void;
}

/** Says that account and browser keep different times, and offers the one that is not chosen. */
export function ZoneChoice({ zones, chosen, onChosen }: ZoneChoiceProps) {
  const { t } = useTranslation('schedules');
  const [account, browser] = zones;
  if (account === undefined || browser === undefined) return null;
  return (
    <div role="note" className="-mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 text-small">
      <p className="text-ink-soft">
        {t('timing.zoneDiffers', { account: zoneWords(account), browser: zoneWords(browser) })}
      </p>
      {zones
        .filter((zone) => zone !== chosen)
        .map((zone) => (
          <Button key={zone} onClick={() => onChosen(zone)}>
            {t('timing.use', { zone: zoneWords(zone) })}
          </Button>
        ))}
    </div>
  );
}
