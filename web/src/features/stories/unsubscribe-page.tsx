import { useState } from 'react';
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
  const token = useLinkToken();
  const { openApi } = useEntry();
  const [isDone, setDone] = useState(false);
  const { submit, isBusy, error } = useSubmit(async (secret: string) => {
    await openApi('POST /api/story-mails/unsubscribe', { query: { token: secret } });
    setDone(true);
  });
  const title = isDone ? 'No more stories by mail' : 'Stop stories by mail?';
  useTitle(title);
  return (
    <Door
      title={title}
      intro={
        isDone
          ? 'Stories are still written, and wait for you in Lamplight. You can have them by mail again on the page of your schedules.'
          : 'Your stories are still written as before, and wait for you in Lamplight.'
      }
    >
      <meta name="robots" content="noindex, nofollow" />
      {token === undefined && !isDone && (
        <ErrorNote title="This address lacks the secret of your link">
          Open the link in your mail once more. After this page was loaded again, it no longer knows it.
        </ErrorNote>
      )}
      <SubmitError error={error}>
        {error?.code === 'link_invalid'
          ? 'Use the link of a newer mail.'
          : 'Nothing was changed. Try again in a moment.'}
      </SubmitError>
      {token !== undefined && !isDone && (
        <Button look="lamp" disabled={isBusy} onClick={() => void submit(token)} className="min-h-12 text-[1rem]">
          Stop the mails
        </Button>
      )}
      <Elsewhere>
        <DoorLink to="/stories">Your stories</DoorLink>
      </Elsewhere>
    </Door>
  );
}
