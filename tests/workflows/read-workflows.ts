import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const permissions = z.union([z.record(z.string(), z.string()), z.string()]);
const job = z.looseObject({
  uses: z.string().optional(),
  'timeout-minutes': z.number().optional(),
  permissions: permissions.optional(),
  environment: z.looseObject({ name: z.string() }).optional(),
  concurrency: z.unknown().optional(),
  steps: z.array(step).default([]),
});
const workflow = z.looseObject({
  on: z.unknown(),
  permissions: permissions.optional(),
  concurrency: z.unknown().optional(),
  jobs: z.record(z.string(), job),
});
const action = z.looseObject({ runs: z.looseObject({ steps: z.array(step) }) });

export type Step = z.infer<typeof step>;

interface WorkflowFile<T> {
  readonly path: string;
  readonly text: string;
  readonly content: T;
}

/** All workflows of a checkout. */
export function readWorkflows(root: string): WorkflowFile<z.infer<typeof workflow>>[] {
  const folder = '.github/workflows';
  return readdirSync(join(root, folder)).map((name) => readOne(root, `${folder}/${name}`, workflow));
}

/** The checkout's own actions. */
export function readActions(root: string): WorkflowFile<z.infer<typeof action>>[] {
  const folder = '.github/actions';
  return readdirSync(join(root, folder)).map((name) => readOne(root, `${folder}/${name}/action.yml`, action));
}

function readOne<T extends z.ZodType>(root: string, path: string, schema: T): WorkflowFile<z.output<T>> {
  const text = readFileSync(join(root, path), 'utf8');
  return { path, text, content: schema.parse(parse(text)) };
}
