import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Prompt } from '#contract/story-parts.ts';
import { PromptText } from './prompt-text.tsx';

/** One prompt in the list: its name leads to it. */
export function PromptRow({ prompt: { id, title, text, variables } }: { readonly prompt: Prompt }) {
  const { t } = useTranslation('prompts');
  return (
    <li className="relative flex flex-col gap-1 rounded-card border border-line bg-surface p-4 transition-colors duration-120 hover:border-edge has-focus-visible:outline-2 has-focus-visible:outline-lamp-strong has-focus-visible:outline-offset-2">
      <h3 className="font-semibold text-title">
        <Link to={`/prompts/${id}`} dir="auto" className="block outline-none after:absolute after:inset-0">
          {title}
        </Link>
      </h3>
      <PromptText text={text} className="line-clamp-2 text-ink-soft" />
      {variables.length > 0 && (
        <p className="text-ink-soft text-small">{t('list.gaps', { count: variables.length })}</p>
      )}
    </li>
  );
}
