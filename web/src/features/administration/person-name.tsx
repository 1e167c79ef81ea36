import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ApiError } from '../../api/api-error.ts';
import { usePerson } from './use-people.ts';

/** Of whoever was deleted only that is left. */
const isDeleted = (id: string): boolean => id.startsWith('deleted');

/** Who an ID is, with the way to them. Until that is known, and where it cannot be, the ID itself. */
export function PersonName({ id }: { readonly id: string }) {
  return isDeleted(id) ? <Deleted /> : <Known id={id} />;
}

function Known({ id }: { readonly id: string }) {
  const { data, error } = usePerson(id);
  if (error instanceof ApiError && error.code === 'not_found') return <Deleted />;
  return (
    <Link to={`/admin/people/${id}`} className="block max-w-48 truncate text-lamp-strong underline underline-offset-3">
      {data?.name ?? id}
    </Link>
  );
}

function Deleted() {
  const { t } = useTranslation('administration');
  return <span className="text-ink-soft">{t('people.deleted')}</span>;
}
