import { useTranslation } from 'react-i18next';
import { TabLinks } from '../../ui/tab-links.tsx';

/** The parts of the place of stories. */
export function LibraryTabs() {
  const { t } = useTranslation('library');
  return (
    <TabLinks
      label={t('tabs.label')}
      links={[
        { to: '/stories', name: t('tabs.stories'), end: true },
        { to: '/stories/characters', name: t('tabs.characters') },
        { to: '/stories/scenes', name: t('tabs.scenes') },
      ]}
    />
  );
}
