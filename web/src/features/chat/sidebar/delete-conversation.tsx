import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useMatch, useNavigate } from 'react-router';
import type { Conversation } from '#contract/conversations.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { useDeleteConversation } from './use-conversations.ts';

interface DeleteConversationProps {
  readonly conversation: Conversation;
  readonly onClose: () => void;
  /** The question is closed with yes, and what asked it is about to go. */
  readonly onConfirmed: () => void;
}

/** Asks before a conversation goes; whoever reads it is taken to a new one. */
export function DeleteConversation({ conversation, onClose, onConfirmed }: DeleteConversationProps) {
  const { t } = useTranslation('chat');
  const navigate = useNavigate();
  const shown = useMatch('/c/:conversationId')?.params.conversationId;
  const remove = useDeleteConversation();
  return (
    <ConfirmDialog
      question={t('conversation.deleteQuestion')}
      verb={t('conversation.delete')}
      onConfirm={() => {
        // A closing dialog gives the focus back to the button that opened it, which goes with its row.
        flushSync(onClose);
        onConfirmed();
        if (conversation.id === shown) void navigate('/', { replace: true });
        remove.mutate(conversation.id);
      }}
      onClose={onClose}
    >
      {t('conversation.deleteMeans', { title: conversation.title || t('conversation.untitled') })}
    </ConfirmDialog>
  );
}
