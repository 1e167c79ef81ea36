import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '#contract/conversations.ts';
import { Lamp } from '../../../ui/lamp.tsx';
import { useConnection } from '../live/use-store.ts';
import { AnswerEnding } from './answer-ending.tsx';
import { AnswerParts } from './answer-parts.tsx';
import { useDrawn } from './use-drawn.ts';

interface AssistantMessageProps {
  readonly message: Message;
  /** The last of the conversation: what failed here can be tried again. */
  readonly isLast: boolean;
  /** In the conversation, from 1. */
  readonly position: number;
  /** Of the conversation; -1 while not all of it is known. */
  readonly size: number;
}

export const AssistantMessage = memo(function AssistantMessage(props: AssistantMessageProps) {
  const { isLast, position, size } = props;
  // It has ended when its last words are there.
  const message = useDrawn(props.message);
  const { t } = useTranslation('chat');
  const isLost = useConnection() !== 'connected';
  const isRunning = message.status === 'running';
  return (
    <article
      aria-label={t('message.answer')}
      aria-busy={isRunning}
      aria-posinset={position}
      aria-setsize={size}
      data-role="assistant"
      data-status={message.status}
      data-message-id={message.id}
      data-run-id={message.runId}
      data-connection={isLost ? 'lost' : 'live'}
      className="group/message relative ps-8"
    >
      {/* Beside the text and out of its flow: a grid would lay out the whole answer again with every token. */}
      <Lamp className="absolute start-0 top-0.75 size-5" />
      <AnswerParts message={message} />
      {isRunning && isLost && <p className="pt-3 text-ink-soft text-small">{t('message.reconnecting')}</p>}
      {!isRunning && <AnswerEnding message={message} isLast={isLast} />}
    </article>
  );
});
