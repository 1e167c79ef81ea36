interface EmptyConversationProps {
  readonly name: string | undefined;
  readonly hour: number;
  readonly onStarter: (text: string) => void;
}

const starters = ['Explain how tides work', 'Plan a quiet weekend', 'Help me word a difficult message'] as const;

function greeting(hour: number): string {
  if (hour < 5) return 'Good night';
  if (hour < 12) return 'Good morning';
  return hour < 18 ? 'Good afternoon' : 'Good evening';
}

/** What a new conversation is for, and first steps into it. */
export function EmptyConversation({ name, hour, onStarter }: EmptyConversationProps) {
  return (
    <div className="flex animate-enter flex-col items-center gap-6 px-4 pb-8 text-center">
      <div className="flex flex-col gap-2">
        <h1 className="font-serif text-display tracking-[-0.01em]">
          {greeting(hour)}
          {name ? `, ${name}` : ''}
        </h1>
        <p className="text-ink-soft">Ask anything. You can close the page while it answers and read on later.</p>
      </div>
      <ul className="flex flex-wrap justify-center gap-2">
        {starters.map((starter) => (
          <li key={starter}>
            <button
              type="button"
              onClick={() => onStarter(starter)}
              className="min-h-10 rounded-full border border-edge bg-surface px-4 text-ink-soft text-small transition-colors duration-120 hover:bg-sunken hover:text-ink"
            >
              {starter}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
