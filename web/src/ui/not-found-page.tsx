import { Link } from 'react-router';
import { buttonClasses } from './button.tsx';
import { FullPage } from './full-page.tsx';
import { useTitle } from './use-title.ts';

export function NotFoundPage() {
  useTitle('Not found');
  return (
    <FullPage>
      <div className="flex flex-col gap-3">
        <h1 className="font-serif text-display">There is nothing at this address</h1>
        <p className="text-ink-soft">The link may be old or mistyped. Your conversations are where you left them.</p>
      </div>
      <Link to="/" className={`${buttonClasses('lamp')} self-start`}>
        Go to Lamplight
      </Link>
    </FullPage>
  );
}
