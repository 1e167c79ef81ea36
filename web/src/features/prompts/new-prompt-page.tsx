import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Page } from '../../ui/page.tsx';
import { PromptForm } from './prompt-form.tsx';

/** Where a prompt is written; once it is saved, it can be tried. */
export function NewPromptPage() {
  const { t } = useTranslation('prompts');
  const navigate = useNavigate();
  return (
    <Page title={t('list.new')}>
      <PromptForm
        prompt={undefined}
        onSaved={({ id }) => void navigate(`/prompts/${id}`, { replace: true })}
        onCancel={() => void navigate('/prompts')}
      />
    </Page>
  );
}
