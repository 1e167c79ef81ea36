import { z } from 'zod';
import { isReason } from './reasons.ts';

const form = z.strictObject({ check: z.string(), safe: z.boolean(), reasons: z.array(z.string()).max(50) });

export interface ModelVerdict {
  readonly safe: boolean;
  readonly reasons: readonly string[];
}

/** What some servers leave before an answer, and some models put around it. */
const plain = (text: string): string =>
  text
    .replace(/^\s*<think>[\s\S]*?<\/think>/, '')
    .trim()
    .replace(/^```(?:json)?\n([\s\S]*)\n```$/, '$1');

/**
 * A model's verdict; undefined where it is none: no JSON of exactly this form, without the check (the judge may have repeated what it was
 * to judge), or safe with reasons why not.
 */
export function readVerdict(text: string, check: string): ModelVerdict | undefined {
  let json: unknown;
  try {
    json = JSON.parse(plain(text));
  } catch {
    return undefined;
  }
  const parsed = form.safeParse(json);
  if (!parsed.success || parsed.data.check !== check) return undefined;
  const { safe, reasons } = parsed.data;
  if (safe) return reasons.length === 0 ? { safe, reasons: [] } : undefined;
  // The judge's own words could quote the story.
  const known = [...new Set(reasons.map((word) => (isReason(word) ? word : 'other')))];
  return { safe, reasons: known.length === 0 ? ['other'] : known };
}
