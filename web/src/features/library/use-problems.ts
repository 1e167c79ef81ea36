import i18next from 'i18next';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/api-error.ts';

/** What is wrong, by field: `name`, `traits`, `traits.1`. */
export type Problems = Readonly<Record<string, string>>;

interface FormProblems {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly problems: Problems;
  /** Shows what is wrong before anything is sent; true where nothing is. */
  readonly check: (found: Problems) => boolean;
  /** A field was changed: what was wrong with it is no longer known. */
  readonly touch: (field: string) => void;
}

/** What is wrong with a form's fields: found here, or told by the server. The first of them gets the focus. */
export function useProblems(error: Error | null): FormProblems {
  const form = useRef<HTMLFormElement>(null);
  const [{ found, touched }, setState] = useState<{ found: Problems; touched: readonly string[] }>(untouched);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal leads to what it is about
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [found, error]);
  const isTouched = (path: string) => touched.some((field) => path === field || path.startsWith(`${field}.`));
  const all = Object.entries({ ...toldProblems(error), ...found });
  return {
    form,
    problems: Object.fromEntries(all.filter(([path]) => !isTouched(path))),
    check: (problems) => {
      setState({ found: problems, touched: [] });
      return Object.keys(problems).length === 0;
    },
    touch: (field) => setState((before) => ({ ...before, touched: [...before.touched, field] })),
  };
}

const untouched = { found: {}, touched: [] };

/** The server tells them in English. */
function toldProblems(error: Error | null): Problems {
  if (!(error instanceof ApiError)) return {};
  const isEnglish = i18next.language === 'en';
  return Object.fromEntries(
    error.details.map(({ path, message }) => [path, isEnglish ? message : i18next.t('library:form.notTaken')]),
  );
}
