import i18next from 'i18next';
import { Component, type ReactNode } from 'react';
import { traceIdOf } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { FullPage } from './full-page.tsx';
import { Lamp } from './lamp.tsx';
import { TraceId } from './trace-id.tsx';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
  /** Where this holds a part of the window: what is around it stays. A change of it, such as of the address, tries again. */
  readonly area?: string;
}

interface State {
  /** Anything can be thrown, nothing too. */
  readonly failure: { readonly error: unknown } | undefined;
}

/** What shows where drawing the page failed. The server has every answer, so loading it again loses nothing. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { failure: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { failure: { error } };
  }

  override componentDidUpdate({ area }: ErrorBoundaryProps): void {
    if (this.state.failure && area !== this.props.area) this.setState({ failure: undefined });
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (!failure) return this.props.children;
    const note = <Broken traceId={traceIdOf(failure.error)} />;
    if (this.props.area === undefined) return <FullPage>{note}</FullPage>;
    return (
      <div className="grid min-h-0 flex-1 place-items-center overflow-y-auto px-4 py-12">
        <div className="flex w-full max-w-104 flex-col gap-8">{note}</div>
      </div>
    );
  }
}

function Broken({ traceId }: { readonly traceId: string | undefined }) {
  return (
    <>
      <div role="alert" className="flex flex-col gap-3">
        <Lamp isOut className="-ms-4 mb-2 size-28" />
        <h1 className="font-serif text-display tracking-[-0.01em]">{i18next.t('broken.title')}</h1>
        <p className="text-ink-soft">{i18next.t('broken.kept')}</p>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button look="lamp" onClick={() => window.location.reload()}>
          {i18next.t('loadAgain')}
        </Button>
        {traceId && <TraceId id={traceId} />}
      </div>
    </>
  );
}
