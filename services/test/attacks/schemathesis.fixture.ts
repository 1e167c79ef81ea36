import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Example values of an operation: of its path, its query, and its JSON body. */
export interface Example {
  readonly query?: Readonly<Record<string, string>>;
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Who asks for this operation alone, where it ends who asks. */
  readonly token?: string;
}

export interface Run {
  readonly program: string;
  readonly url: string;
  /** Who asks. */
  readonly token: string;
  /** By operationId. */
  readonly examples: Readonly<Record<string, Example>>;
}

export interface RunResult {
  readonly passed: boolean;
  /** What it says of failures. */
  readonly report: string;
  /** How often each status was the answer, by operationId. */
  readonly statuses: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
];

const operation = z.looseObject({
  operationId: z.string(),
  parameters: z.array(z.looseObject({ in: z.string(), name: z.string() })).optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({})) }).optional(),
});
const openApi = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) });
type OpenApi = z.infer<typeof openApi>;

/** Runs schemathesis over every operation of the document that `url` serves. The same seed each time; nothing is kept between runs. */
export async function runSchemathesis({ program, url, token, examples }: Run): Promise<RunResult> {
  const dir = await mkdtemp(join(tmpdir(), 'lamplight-schemathesis-'));
  try {
    const document = openApi.parse(await (await fetch(`${url}/api/openapi.json`)).json());
    const names = addExamples(document, examples);
    const [schema, config, events] = [join(dir, 'openapi.json'), join(dir, 'config.toml'), join(dir, 'events.ndjson')];
    await writeFile(schema, JSON.stringify(document));
    await writeFile(config, configOf(token, examples));
    const options = ['--seed', '1', '--generation-database', 'none', '--no-shrink', '--request-timeout', '20'];
    const amount = ['--phases', 'examples,coverage,fuzzing', '--max-examples', '8', '--warnings', 'off'];
    const run = [
      'run',
      schema,
      '--url',
      url,
      '--checks',
      checks.join(','),
      '--report',
      'ndjson',
      '--report-ndjson-path',
      events,
    ];
    const args = ['--no-color', '--config-file', config, ...run, ...options, ...amount, '--continue-on-failure'];
    const { passed, report } = await promisify(execFile)(program, args, { cwd: dir, maxBuffer: 50_000_000 }).then(
      ({ stdout }) => ({ passed: true, report: stdout }),
      (error: { stdout?: string }) => ({
        passed: false,
        report: `${error.stdout ?? ''}\n${String(error).slice(0, 2_000)}`,
      }),
    );
    return { passed, report, statuses: tally(await readFile(events, 'utf8').catch(() => ''), names) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Puts the examples into the document; gives the operationId of each `GET /api/me`. Throws where an example is of no operation. */
function addExamples(document: OpenApi, examples: Run['examples']): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { operationId, parameters = [], requestBody }] of Object.entries(methods)) {
      names.set(`${method.toUpperCase()} ${path}`, operationId);
      const example = examples[operationId];
      for (const parameter of parameters) {
        const place = parameter.in === 'path' ? example?.path : parameter.in === 'query' ? example?.query : undefined;
        const value = place?.[parameter.name];
        if (value !== undefined) parameter['example'] = value;
      }
      const json = requestBody?.content['application/json'];
      if (json && example?.body !== undefined) json['example'] = example.body;
    }
  }
  const unknown = Object.keys(examples).filter((name) => ![...names.values()].includes(name));
  if (unknown.length > 0) throw new Error(`There is no operation ${unknown.join(', ')}.`);
  return names;
}

/**
 * Ids that replies have held would end the person who asks (a session, an account), and with it all that follows: the ids are those
 * of the examples, and made up.
 */
const configOf = (token: string, examples: Run['examples']): string =>
  [
    `headers = { Authorization = ${JSON.stringify(`Bearer ${token}`)} }`,
    ...['examples', 'coverage', 'fuzzing'].map((phase) => `phases.${phase}.extra-data-sources.responses = false`),
    ...Object.entries(examples).flatMap(([name, { token: own }]) =>
      own === undefined
        ? []
        : ['[[operations]]', `include-operation-id = "${name}"`, `headers = { Authorization = "Bearer ${own}" }`],
    ),
  ].join('\n');

const scenario = z.object({
  ScenarioFinished: z.object({
    recorder: z.object({
      label: z.string(),
      interactions: z
        .record(
          z.string(),
          z.object({
            request: z.object({ method: z.string() }),
            response: z.object({ status_code: z.int() }).nullish(),
          }),
        )
        .optional(),
    }),
  }),
});

/** Only what was asked with the operation's own method: schemathesis asks with others too. */
function tally(events: string, names: ReadonlyMap<string, string>): Map<string, Map<number, number>> {
  const statuses = new Map<string, Map<number, number>>();
  for (const line of events.split('\n')) {
    if (!line.startsWith('{"ScenarioFinished"')) continue;
    const { label, interactions = {} } = scenario.parse(JSON.parse(line)).ScenarioFinished.recorder;
    const name = names.get(label) ?? label;
    const of = statuses.get(name) ?? new Map<number, number>();
    statuses.set(name, of);
    for (const { request, response } of Object.values(interactions)) {
      if (!response || !label.startsWith(`${request.method} `)) continue;
      of.set(response.status_code, (of.get(response.status_code) ?? 0) + 1);
    }
  }
  return statuses;
}
