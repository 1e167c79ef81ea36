import i18next from 'i18next';
import type { ComponentType } from 'react';
import { toast } from 'sonner';
import { Later } from '../../ui/later.tsx';

interface LaterPartProps<Props> {
  readonly load: () => Promise<ComponentType<Props>>;
  readonly props: Props;
}

/** What of the chat is not seen first: loaded when it is asked for. Where it cannot be, a toast says so. */
export function LaterPart<Props extends object>(part: LaterPartProps<Props>) {
  return (
    <Later
      {...part}
      onRefused={() =>
        toast.error(i18next.t('chat:screen.partNotLoaded'), { description: i18next.t('chat:screen.tryWhenConnected') })
      }
    />
  );
}
