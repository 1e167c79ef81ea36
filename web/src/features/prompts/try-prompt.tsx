import { BookOpen, SquarePen } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { toast } from 'sonner';
import type { Prompt } from '#contract/story-parts.ts';
import { Button, buttonClasses } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Field } from '../../ui/field.tsx';
import { RefusedNote } from '../library/refused-note.tsx';
import { useProblems } from '../library/use-problems.ts';
import { useFillPrompt, useNewChat } from './use-prompt.ts';

/** Fills a prompt in, shows what becomes of it, and sends it on: to a new chat or into a story. */
export function TryPrompt({ prompt: { id, text, variables } }: { readonly prompt: Prompt }) {
  const { t } = useTranslation('prompts');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const fill = useFillPrompt(id);
  const { form, problems, check, touch } = useProblems(fill.error);
  const hasGaps = variables.length > 0;
  const filled = hasGaps ? fill.data?.text : text;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const missing = variables.filter((name) => !values[name]?.trim());
    if (!check(Object.fromEntries(missing.map((name) => [`values.${name}`, t('try.missing')])))) {
      return void toast.warning(t('try.missingWarning'));
    }
    fill.mutate(values, {
      onSuccess: (made) =>
        made.text.trim() ? void toast.success(t('try.filled')) : void toast.warning(t('try.emptyWarning')),
      onError: () => toast.error(t('try.notFilled')),
    });
  };
  return (
    <section aria-labelledby="try-prompt" className="flex flex-col gap-4">
      <h2 id="try-prompt" className="font-semibold text-title">
        {t('try.title')}
      </h2>
      {hasGaps && (
        <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
          <div className="grid gap-4 @md:grid-cols-2">
            {variables.map((name) => (
              <Field
                key={name}
                label={name}
                value={values[name] ?? ''}
                onValue={(value) => {
                  setValues({ ...values, [name]: value });
                  touch(`values.${name}`);
                  // What is shown no longer is what would be sent.
                  fill.reset();
                }}
                problem={problems[`values.${name}`]}
                maxLength={500}
                dir="auto"
                autoComplete="off"
              />
            ))}
          </div>
          <RefusedNote title={t('try.notFilled')} error={fill.error} />
          <Button look={filled ? 'plain' : 'lamp'} type="submit" disabled={fill.isPending} className="self-start">
            {t('try.fill')}
          </Button>
        </form>
      )}
      {filled?.trim() && <Filled id={id} text={filled} isNew={hasGaps} />}
    </section>
  );
}

interface FilledProps {
  readonly id: string;
  readonly text: string;
  /** It does not stand on the page already. */
  readonly isNew: boolean;
}

function Filled({ id, text, isNew }: FilledProps) {
  const { t } = useTranslation('prompts');
  const navigate = useNavigate();
  const beginChat = useNewChat();
  return (
    <>
      {isNew && (
        <div className="flex items-start gap-2 rounded-card border border-line bg-surface p-4">
          <p dir="auto" className="min-w-0 flex-1 whitespace-pre-wrap">
            {text}
          </p>
          <CopyButton label={t('try.copy')} text={() => text} className="-me-2 -mt-2" />
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          look="lamp"
          onClick={() => {
            beginChat(text);
            void navigate('/');
          }}
        >
          <SquarePen className="size-4" aria-hidden /> {t('try.chat')}
        </Button>
        <Link to={`/stories/new?prompt=${encodeURIComponent(id)}`} className={buttonClasses('plain')}>
          <BookOpen className="size-4" aria-hidden /> {t('try.story')}
        </Link>
      </div>
    </>
  );
}
