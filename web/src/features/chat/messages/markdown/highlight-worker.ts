import { common, createLowlight } from 'lowlight';
import { runsOf } from './code-runs.ts';

/** What the page asks, and what it is told: the runs of each line, or nothing where the language is not known. */
export interface HighlightJob {
  readonly id: number;
  readonly code: string;
  readonly language: string;
}

const lowlight = createLowlight(common);

self.onmessage = ({ data }: MessageEvent<HighlightJob>) => {
  const { id, code, language } = data;
  const runs = lowlight.registered(language) ? runsOf(lowlight.highlight(language, code)) : undefined;
  self.postMessage({ id, runs });
};
