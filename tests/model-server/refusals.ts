import type { ServerResponse } from 'node:http';
import type { Directive } from './directive.ts';
import { beHostile, isHostile } from './hostile.ts';
import type { ChatBody } from './reply.ts';

const refusals: Record<string, { status: number; error: object }> = {
  '400': { status: 400, error: { message: 'The messages are not acceptable.', type: 'invalid_request_error' } },
  '401': { status: 401, error: { message: 'Incorrect API key provided: {key}.', code: 'invalid_api_key' } },
  '403': { status: 403, error: { message: 'The key may not use this model.', type: 'permission_error' } },
  '404': { status: 404, error: { message: 'The model does not exist.', code: 'model_not_found' } },
  '405': { status: 405, error: { message: 'Method not allowed.' } },
  '408': { status: 408, error: { message: 'The request took too long.' } },
  '429': { status: 429, error: { message: 'Rate limit reached.', type: 'requests', code: 'rate_limit_exceeded' } },
  quota: { status: 429, error: { message: 'You exceeded your current quota.', code: 'insufficient_quota' } },
  '500': { status: 500, error: { message: 'The server had an error.', type: 'server_error' } },
  '501': { status: 501, error: { message: 'Not implemented.' } },
  '503': { status: 503, error: { message: 'Overloaded.', type: 'server_error' } },
};

const page = '<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>';

type Refusable = Pick<Directive, 'fault' | 'retryAfter' | 'location' | 'usage' | 'say'>;

/** Answers with a fault that takes the place of a reply; false where the directive has none of these. */
export function refuse(
  response: ServerResponse,
  body: Pick<ChatBody, 'stream_options' | 'response_format'>,
  { directive }: { readonly directive: Refusable },
  key: string,
): boolean {
  const { fault } = directive;
  if (!fault) return false;
  if (fault === 'hang') return true;
  if (fault === 'html') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    return true;
  }
  if (fault === 'refuse-options' && body.stream_options) {
    sendError(response, 400, { message: 'Unknown parameter: stream_options.', type: 'invalid_request_error' });
    return true;
  }
  if (fault === 'refuse-json' && body['response_format']) {
    sendError(response, 400, { message: 'Unknown parameter: response_format.', type: 'invalid_request_error' });
    return true;
  }
  if (isHostile(fault)) {
    beHostile(response, fault, directive);
    return true;
  }
  const refusal = refusals[fault];
  if (!refusal) return false;
  const wait = directive.retryAfter ?? (fault === '429' ? 1 : undefined);
  if (wait !== undefined) response.setHeader('retry-after', String(wait));
  // Echoes the whole key, as careless servers do.
  sendError(response, refusal.status, JSON.parse(JSON.stringify(refusal.error).replace('{key}', key)));
  return true;
}

export function sendError(response: ServerResponse, status: number, error: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
}
