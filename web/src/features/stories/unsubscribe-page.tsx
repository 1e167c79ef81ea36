import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { Door, DoorLink, Elsewhere } from '../sign-in/door.tsx';
import { SubmitError } from '../sign-in/submit-error.tsx';
import { useLinkToken } from '../sign-in/use-fragment.ts';
import { useSubmit } from '../sign-in/use-submit.ts';

/** Where the link at the end of a mail leads. It asks for a click: programs that look through mails open links. */
export function UnsubscribePage() {
  const { t } = useTranslation('stories');
  const token = useLinkToken();
  const { openApi } = useEntry();
  const [isDone, setDone] = useState(false);
  const { submit, isBusy, error } = useSubmit(async (secret: string) => {
    await openApi('POST /api/story-mails/unsubscribe', { query: { token: secret } });
    setDone(true);
  });
  const title = t(isDone ? 'unsubscribe.done' : 'unsubscribe.question');
  useTitle(title);
  return (
    <Door title={title} intro={t(isDone ? 'unsubscribe.doneHow' : 'unsubscribe.stillWritten')}>
      <meta name="robots" content="noindex, nofollow" />
      {token === undefined && !isDone && (
        <ErrorNote title={t('unsubscribe.noSecret')}>{t('unsubscribe.noSecretHow')}</ErrorNote>
      )}
      <SubmitError error={error}>
        {t(error?.code === 'link_invalid' ? 'unsubscribe.newerMail' : 'unsubscribe.unchanged')}
      </SubmitError>
      {token !== undefined && !isDone && (
        <Button look="lamp" disabled={isBusy} onClick={() => void submit(token)} className="min-h-12 text-field">
          {t('unsubscribe.stop')}
        </Button>
      )}
      <Elsewhere>
        <DoorLink to="/stories">{t('unsubscribe.yours')}</DoorLink>
      </Elsewhere>
    </Door>
  );
}
