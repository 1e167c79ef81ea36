import { useTranslation } from 'react-i18next';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AdminPage } from './admin-page.tsx';
import { LoadError } from './load-error.tsx';
import { SettingsForm } from './settings-form.tsx';
import { useSettings } from './use-settings.ts';

/** What can be changed while everything runs. */
export function SettingsPage() {
  const { t } = useTranslation('administration');
  const { data, error, refetch } = useSettings();
  return (
    <AdminPage title={t('places.settings')} intro={t('settings.intro')}>
      {error && !data && <LoadError title={t('settings.failed')} error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Skeleton className="h-128" />}
      {data && <SettingsForm settings={data} />}
    </AdminPage>
  );
}
