import { Download, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { Button } from '../../ui/button.tsx';
import { dayIn } from '../../ui/days.ts';
import { Menu } from '../../ui/menu.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { toastError } from '../../ui/toast-error.ts';
import { useChat } from '../chat/chat-context.ts';
import { type Period, spansOf } from './period.ts';

interface ExportMenuProps {
  readonly period: Period;
  readonly timeZone: string;
  readonly isPossible: boolean;
}

/** The figures of the period, to take away. */
export function ExportMenu({ period, timeZone, isPossible }: ExportMenuProps) {
  const { t } = useTranslation('administration');
  const { api } = useChat();
  const download = async (what: 'timeseries' | 'people') => {
    const { from, to, by } = spansOf(period, Date.now(), timeZone);
    try {
      const file = await api('GET /api/analytics/export', { query: { what, from, to, by, timeZone }, as: 'file' });
      const days = [Date.parse(from), Date.parse(to) - 1].map((at) => dayIn(timeZone, new Date(at)));
      saveFile(file, `lamplight-${what}-${days.join('-to-')}.csv`);
      toast.success(t('export.done'));
    } catch (error) {
      toastError(t('export.failed'), error);
    }
  };
  return (
    <Menu
      trigger={
        <Button disabled={!isPossible}>
          <Download className="size-4" aria-hidden /> {t('export.name')}
        </Button>
      }
      items={[
        { name: t('export.series'), Icon: Download, onSelect: () => void download('timeseries') },
        { name: t('export.people'), Icon: Users, onSelect: () => void download('people') },
      ]}
    />
  );
}
