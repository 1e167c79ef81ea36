import { z } from 'zod';
import type {
  ZodOpenApiContentObject,
  ZodOpenApiObject,
  ZodOpenApiOperationObject,
  ZodOpenApiOverride,
  ZodOpenApiParameters,
  ZodOpenApiPathsObject,
  ZodOpenApiResponseObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { answerEvents, runEvent } from '#contract/chat.ts';
import { type ErrorCode, errorCodes } from '#contract/error-codes.ts';
import { errorResponse } from '#contract/errors.ts';
import { possibleErrors } from '#contract/possible-errors.ts';
import type { Route } from '#contract/route.ts';

export interface OpenApiOptions {
  readonly version: string;
  /** Where clients reach the API, without a slash at the end: `https://lamplight.example.org`. */
  readonly serverUrl: string;
}

/** The OpenAPI 3.1 document of `routes`. Its library is loaded on the first call, since no request needs it. */
export async function createOpenApi(
  routes: Readonly<Record<string, Route>>,
  { version, serverUrl }: OpenApiOptions,
): Promise<object> {
  const { createDocument } = await import('zod-openapi');
  const paths: ZodOpenApiPathsObject = {};
  for (const [name, route] of Object.entries(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(name, route) };
  }
  const document: ZodOpenApiObject = {
    openapi: '3.1.1',
    info: {
      title: 'Lamplight',
      version,
      description:
        'Chat whose answers are never lost. Unknown fields and events are to be ignored; every reply carries `X-Trace-Id`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      securitySchemes,
      schemas: { Error: errorResponse, ...eventSchemas },
    },
  };
  return createDocument(document, { override: staysOpen });
}

/** Zod closes the objects of replies; ours may get new fields at any time. */
const staysOpen: ZodOpenApiOverride = ({ jsonSchema }) => {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
};

/** The names that the bodies of events have among the schemas. */
const eventNames = {
  run: 'Run',
  delta: 'DeltaEvent',
  reset: 'ResetEvent',
  done: 'DoneEvent',
  error: 'ErrorDetail',
} as const satisfies Record<keyof typeof answerEvents, string>;

const eventSchemas = {
  [eventNames.run]: runEvent,
  [eventNames.delta]: answerEvents.delta,
  [eventNames.reset]: answerEvents.reset,
  [eventNames.done]: answerEvents.done,
  [eventNames.error]: answerEvents.error,
};

const securitySchemes = {
  session: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `access_token` of a session. It lives for minutes: `POST /api/auth/refresh` gives the next.',
  },
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key (`lamp_…`), within the scopes it was made for.' },
  refreshCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-lamplight',
    description:
      'The refresh token of a browser. Over plain HTTP other than localhost its name is `lamplight`. Pages of other origins may not use it.',
  },
} as const;

/** Any one of these is enough; the empty one is nobody. */
function security(route: Route): Record<string, string[]>[] {
  const session = { session: [] };
  const bearers = route.scope !== undefined && route.scope !== 'account' ? [session, { apiKey: [] }] : [session];
  if (route.auth === 'session') return bearers;
  if (route.auth === 'optional') return [{}, ...bearers];
  return usesCookie(route) ? [{ refreshCookie: [] }, {}] : [];
}

/** What only sets the cookie has nobody to refuse. */
const usesCookie = ({ cookie, errors }: Route): boolean =>
  cookie === true && errors?.includes('unauthenticated') === true;

/** Who may, in words. */
function access({ auth, role, scope }: Route): string {
  if (auth === 'none') return '';
  return [
    role && `For the role \`${role}\` and those above it.`,
    scope && (scope === 'account' ? 'No API key may.' : `An API key needs the scope \`${scope}\`.`),
  ]
    .filter(Boolean)
    .join(' ');
}

const setCookie = {
  description: 'The refresh token (`refreshCookie`), unless it was asked for in the body.',
  schema: { type: 'string' },
} as const;

const traceId = {
  description: 'Finds this request in the logs; also in the body of every error.',
  schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
} as const;

const lastEventId = z.object({
  'Last-Event-ID': z.string().optional().meta({ description: 'The `id` of the last event that was received.' }),
});

const rangeHeader = z.object({
  Range: z.string().optional().meta({ description: 'One range of bytes, as RFC 9110 has it: `bytes=0-99`.' }),
});
const givesRanges = ({ errors }: Route): boolean => errors?.includes('range_not_satisfiable') === true;

function operation(name: string, route: Route): ZodOpenApiOperationObject {
  const requestParams: ZodOpenApiParameters = {
    ...(route.params && { path: route.params }),
    ...(route.query && { query: route.query }),
    ...(route.reply === 'events' && route.method === 'get' && { header: lastEventId }),
    ...(givesRanges(route) && { header: rangeHeader }),
  };
  return {
    operationId: name,
    summary: route.summary,
    ...(access(route) && { description: access(route) }),
    security: security(route),
    ...(Object.keys(requestParams).length > 0 && { requestParams }),
    ...(route.body && { requestBody: { required: !route.optionalBody, content: bodyOf(route.body, route.form) } }),
    ...(route.file && { requestBody: { required: true, content: fileOf(route.file.types) } }),
    responses: { ...successes(route), ...failures(route) },
  };
}

const bodyOf = (schema: z.ZodType, form: true | undefined): ZodOpenApiContentObject => ({
  'application/json': { schema },
  ...(form && { 'application/x-www-form-urlencoded': { schema } }),
});

/** A body that is a file has no schema in OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.1#considerations-for-file-uploads. */
const fileOf = (types: readonly string[]): ZodOpenApiContentObject =>
  Object.fromEntries(types.map((type) => [type, {}]));

function successes(route: Route): ZodOpenApiResponsesObject {
  const headers = { 'X-Trace-Id': traceId, ...(route.cookie && { 'Set-Cookie': setCookie }) };
  const response: ZodOpenApiResponseObject = { description: route.summary, headers };
  if (route.reply === 'events') {
    const ended = { ...response, description: 'The answer has ended, and the position is its end.' };
    return { ...at(route.status, { ...response, content: events }), ...(route.method === 'get' && at(204, ended)) };
  }
  const content = route.reply && contentOf(route.reply);
  return {
    ...at(route.status, { ...response, ...(content && { content }) }),
    ...(content &&
      givesRanges(route) && {
        ...at(206, { ...response, description: 'The range that was asked for.', content }),
        ...at(304, { ...response, description: 'The file is the one that `If-None-Match` names.' }),
      }),
  };
}

function contentOf(reply: Exclude<Route['reply'], 'events' | undefined>): ZodOpenApiContentObject {
  if (reply === 'media') return { 'image/*': {}, 'audio/*': {} };
  return typeof reply === 'string' ? { [reply]: { schema: {} } } : { 'application/json': { schema: reply } };
}

const at = (status: number, response: ZodOpenApiResponseObject): ZodOpenApiResponsesObject =>
  Object.fromEntries([[String(status), response]]);

/** OpenAPI 3.1 has no word for the events of a stream (3.2 has): the schema is that of each event, as readers of 3.1 take it. */
const events = {
  'text/event-stream': {
    schema: {
      type: 'object',
      description: [
        'Server-sent events. `event` names one of these, `data` is its body as JSON, `id` is the position after it:',
        ...Object.entries(eventNames).map(([event, name]) => `- \`${event}\`: [${name}](#/components/schemas/${name})`),
        '',
        'After `reset`, forget what was received: the answer starts again. Comments keep the connection alive.',
      ].join('\n'),
      required: ['event', 'data'],
      properties: { id: { type: 'string' } },
      oneOf: Object.entries(eventNames).map(([event, name]) => ({
        properties: {
          event: { const: event },
          data: {
            type: 'string',
            contentMediaType: 'application/json',
            contentSchema: { $ref: `#/components/schemas/${name}` },
          },
        },
      })),
    },
    example: { event: 'delta', id: '1-5', data: '{"text":"Hello"}' },
  },
} satisfies ZodOpenApiContentObject;

function failures(route: Route): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(possibleErrors(route), (code) => errorCodes[code].status);
  return Object.assign({}, ...[...byStatus].map(([status, codes]) => at(status, failure(status, codes))));
}

const retryAfter = {
  description: 'Seconds after which to try again.',
  schema: { type: 'integer', minimum: 1 },
} as const;
const authenticate = { description: '`Bearer`', schema: { type: 'string' } } as const;

function failure(status: number, codes: readonly ErrorCode[]): ZodOpenApiResponseObject {
  const code = { enum: [...codes] };
  return {
    description: codes.map((name) => `\`${name}\`: ${errorCodes[name].says}`).join('\n\n'),
    headers: {
      'X-Trace-Id': traceId,
      ...((status === 429 || status === 503) && { 'Retry-After': retryAfter }),
      ...(status === 401 && { 'WWW-Authenticate': authenticate }),
    },
    content: {
      'application/json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Error' },
            { type: 'object', properties: { error: { type: 'object', properties: { code } } } },
          ],
        },
      },
    },
  };
}
