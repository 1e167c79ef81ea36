import { useTranslation } from 'react-i18next';
import { useChat } from './chat-context.ts';
import { newConversationKey } from './composer/drafts.ts';

interface EmptyConversationProps {
  readonly name: string | undefined;
  readonly hour: number;
}

const starters = ['start.tides', 'start.weekend', 'start.message'] as const;

function greetingAt(hour: number) {
  if (hour < 5) return 'start.night';
  if (hour < 12) return 'start.morning';
  return hour < 18 ? 'start.afternoon' : 'start.evening';
}

/** What a new conversation is for, and first steps into it. */
export function EmptyConversation({ name, hour }: EmptyConversationProps) {
  const { t } = useTranslation('chat');
  const { drafts, commands } = useChat();
  const start = (text: string) => {
    // Another first step takes the place of one; what somebody wrote themselves stays.
    const begun = drafts.get(newConversationKey);
    if (starters.some((starter) => t(starter) === begun)) drafts.set(newConversationKey, '');
    drafts.append(newConversationKey, text);
    commands.run('focusComposer');
  };
  const greeting = t(greetingAt(hour));
  return (
    <div className="flex animate-enter flex-col items-center gap-6 px-4 pb-8 text-center">
      <div className="flex flex-col gap-2">
        <h1 className="text-balance font-serif text-display tracking-[-0.01em]">
          {name ? t('start.toSomebody', { greeting, name }) : greeting}
        </h1>
        <p className="text-ink-soft">{t('start.intro')}</p>
      </div>
      <ul className="flex flex-wrap justify-center gap-2">
        {starters.map((starter) => (
          <li key={starter}>
            <button
              type="button"
              onClick={() => start(t(starter))}
              className="min-h-10 rounded-full border border-edge bg-surface px-4 text-ink-soft text-small transition-colors duration-120 hover:bg-sunken hover:text-ink"
            >
              {t(starter)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
