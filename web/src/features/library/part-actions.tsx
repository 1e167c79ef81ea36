import { Copy, Pencil, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../ui/button.tsx';

interface PartActionsProps {
  readonly name: string;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

/** What I can do with one of mine. */
export function PartActions({ name, onEdit, onDelete }: PartActionsProps) {
  const { t } = useTranslation('library');
  return (
    <div className="-me-2 -mt-2 flex shrink-0">
      <IconButton label={t('actions.edit', { name })} onClick={onEdit}>
        <Pencil className="size-4" aria-hidden />
      </IconButton>
      <IconButton label={t('actions.delete', { name })} onClick={onDelete}>
        <Trash2 className="size-4" aria-hidden />
      </IconButton>
    </div>
  );
}

interface CopyToMineProps {
  readonly name: string;
  readonly isPending: boolean;
  readonly onCopy: () => void;
}

/** What I can do with one of the library's. */
export function CopyToMine({ name, isPending, onCopy }: CopyToMineProps) {
  const { t } = useTranslation('library');
  return (
    <Button
      look="quiet"
      aria-label={t('actions.copyOne', { name })}
      disabled={isPending}
      onClick={onCopy}
      className="-ms-4 mt-auto self-start text-small"
    >
      <Copy className="size-4" aria-hidden /> {t('actions.copy')}
    </Button>
  );
}
