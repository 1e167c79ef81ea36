import { type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { UNSAFE_NavigationContext } from 'react-router';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { popNotice } from './pop-notice.ts';

interface LeaveGuard {
  /** Goes at once, or after the question where something is unsaved. */
  readonly leave: (go: () => void) => void;
  /** Goes without a question: what was written is safe. */
  readonly leaveSaved: (go: () => void) => void;
  /** The question, while it is asked. */
  readonly dialog: ReactNode;
}

/**
 * Asks before what was written and not saved is left: by a link, by a button, by going back, and by closing the window. React Router
 * blocks nothing outside its data routers (`useBlocker`), so the ways out of its history are held here.
 */
export function useLeaveGuard(isDirty: boolean): LeaveGuard {
  const { t } = useTranslation();
  const { navigator } = useContext(UNSAFE_NavigationContext);
  const [go, setGo] = useState<() => void>();
  const isFree = useRef(false);
  useEffect(() => {
    if (!isDirty) return;
    const { push, replace, go: move } = navigator;
    const held =
      <A extends readonly unknown[]>(navigate: (...to: A) => void) =>
      (...to: A) => {
        if (isFree.current) navigate(...to);
        else setGo(() => () => navigate(...to));
      };
    Object.assign(navigator, { push: held(push), replace: held(replace), go: held(move) });
    const forgetPops = holdPops((leave) => setGo(() => leave), isFree);
    const unloading = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', unloading);
    return () => {
      Object.assign(navigator, { push, replace, go: move });
      forgetPops();
      window.removeEventListener('beforeunload', unloading);
    };
  }, [isDirty, navigator]);

  const leaveSaved = (way: () => void) => {
    isFree.current = true;
    way();
  };
  const leave = (way: () => void) => (isDirty ? setGo(() => way) : way());
  const dialog = go && (
    <ConfirmDialog
      question={t('leave.question')}
      verb={t('leave.verb')}
      onClose={() => setGo(undefined)}
      onConfirm={() => {
        setGo(undefined);
        leaveSaved(go);
      }}
    >
      {t('leave.explained')}
    </ConfirmDialog>
  );
  return { leave, leaveSaved, dialog };
}

/** The number that React Router gives each entry of the browser's history. */
const indexOf = (state: unknown): number | undefined =>
  typeof state === 'object' && state !== null && 'idx' in state && typeof state.idx === 'number'
    ? state.idx
    : undefined;

/** The browser has gone back or forth already when it says so: it is sent back, and the way is handed on. */
function holdPops(onPop: (leave: () => void) => void, isFree: { readonly current: boolean }): () => void {
  const here = indexOf(window.history.state);
  let isReturning = false;
  const popped = (event: Event) => {
    if (isReturning) {
      isReturning = false;
      event.preventDefault();
      return;
    }
    const there = event instanceof CustomEvent ? indexOf(event.detail) : undefined;
    if (isFree.current || here === undefined || there === undefined || here === there) return;
    event.preventDefault();
    isReturning = true;
    window.history.go(here - there);
    onPop(() => window.history.go(there - here));
  };
  window.addEventListener(popNotice, popped);
  return () => window.removeEventListener(popNotice, popped);
}
