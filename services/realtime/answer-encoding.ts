import type { PartKind } from '#contract/conversations.ts';

type Part = { readonly index: number; readonly kind: PartKind };

/** The fields of a `delta` as JSON, without the braces: written by hand, since each token passes through here. */
export function deltaFields(text: string, part: Part): string {
  const body = `"text":${JSON.stringify(text)}`;
  return part.kind === 'text' ? body : `${body},"part":{"index":${part.index},"kind":"${part.kind}"}`;
}
