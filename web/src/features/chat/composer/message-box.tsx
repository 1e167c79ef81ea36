import { Info } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useChat } from '../chat-context.ts';
import { useCommand } from '../keys/use-command.ts';
import { Composer } from './composer.tsx';
import { ModelChoice } from './model-choice.tsx';
import { PromptsOnSlash } from './prompts-on-slash.tsx';
import { TokensLeft } from './tokens-left.tsx';
import { useDraft } from './use-draft.ts';
import type { ModelState } from './use-model.ts';

interface MessageBoxProps {
  readonly conversationId: string | undefined;
  readonly model: ModelState;
  /** Present while an answer is being written. */
  readonly onStop: (() => void) | undefined;
}

/** Where a message of a conversation is written. What is written changes nothing beside it. */
export function MessageBox({ conversationId, model, onStop }: MessageBoxProps) {
  const { outbox } = useChat();
  const [text, setText] = useDraft(conversationId);
  const box = useRef<HTMLTextAreaElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever opens a conversation wants to write in it
  useEffect(() => {
    if (window.matchMedia('(pointer: fine)').matches) box.current?.focus();
  }, [conversationId]);
  useCommand('focusComposer', () => box.current?.focus());

  const send = () => {
    outbox.add({
      text,
      ...(conversationId ? { conversationId } : {}),
      ...(model.chosen ? { model: model.chosen } : {}),
    });
    setText('');
  };
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))] print:hidden">
      <Composer
        text={text}
        onText={setText}
        onSend={send}
        box={box}
        onStop={onStop}
        above={<PromptsOnSlash text={text} onText={setText} box={box} />}
      >
        <ModelChoice models={model.models} chosen={model.shown} onChoose={model.choose} />
      </Composer>
      <TokensLeft />
      {model.isDemo && <DemoNotice />}
    </div>
  );
}

function DemoNotice() {
  const { t } = useTranslation('chat');
  return (
    <p className="mt-2 text-balance text-center text-ink-soft text-small">
      <Info className="me-1.5 mb-0.5 inline size-3.5" aria-hidden />
      {t('composer.demo')}
    </p>
  );
}
