import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { NotFoundNote } from '../../ui/not-found-page.tsx';
import { Page, Scroller } from '../../ui/page.tsx';
import { TabLinks } from '../../ui/tab-links.tsx';
import { useMe } from '../chat/use-me.ts';
import { DataPart } from './data-part.tsx';
import { Loaded } from './loaded.tsx';
import { ProfilePart } from './profile-part.tsx';
import { SecurityPart } from './security-part.tsx';
import { StoriesPart } from './stories-part.tsx';
import type { Me } from './use-my-account.ts';

const parts = ['profile', 'stories', 'security', 'data'] as const;
type Part = (typeof parts)[number];
const contents: Readonly<Record<Part, ComponentType<{ readonly me: Me }>>> = {
  profile: ProfilePart,
  stories: StoriesPart,
  security: SecurityPart,
  data: DataPart,
};
const addressOf = (part: Part): string => (part === 'profile' ? '/settings' : `/settings/${part}`);

/** Who I am here, and how Lamplight is to be for me. */
export function SettingsPage() {
  const { t } = useTranslation('account');
  const { part: named } = useParams();
  const me = useMe();
  const part = parts.find((each) => addressOf(each) === (named ? `/settings/${named}` : '/settings'));
  if (!part) {
    return (
      <Scroller>
        <div className="mx-auto flex max-w-104 flex-col gap-8 px-4 py-12">
          <NotFoundNote />
        </div>
      </Scroller>
    );
  }
  const Content = contents[part];
  return (
    <Page title={t('settings.title')}>
      <TabLinks
        label={t('settings.parts')}
        links={parts.map((each) => ({ to: addressOf(each), name: t(`settings.${each}`), end: true }))}
      />
      <Loaded query={me} className="h-96">
        {(loaded) => <Content me={loaded} />}
      </Loaded>
    </Page>
  );
}
