import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { connectionOf } from '#tests/servers/connection.ts';
import { type Directive, parseDirective } from './directive.ts';
import { imageBody, isImageFault, scriptedPng, sendImage } from './images.ts';
import type { ModelServerOptions } from './model-server.ts';
import { type Moderator, moderationBody, sendModeration } from './moderations.ts';
import { refuse, sendError } from './refusals.ts';
import { isSpeechFault, sendSpeech, speechBody } from './speech.ts';

/** A call for a verdict, a voice or a picture, or for a picture at an address that the server gave. */
export interface ShortCall {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorization: string | undefined;
  readonly traceparent: string | undefined;
}

interface ShortCallOptions {
  readonly apiKey: string | undefined;
  readonly moderator: Moderator;
  /** Counts the calls by what `times` counts by. */
  readonly callNumber: (key: string) => number;
  readonly calls: ShortCall[];
  readonly beforeAnswer: NonNullable<ModelServerOptions['beforeAnswer']>;
}

const moderations = '/v1/moderations';
const speech = '/v1/audio/speech';
const pictures = '/pictures/';

export const isShortCall = (path: string): boolean =>
  path === moderations || path === speech || path === '/v1/images/generations' || path.startsWith(pictures);

/** Answers what is not streamed. The directive stands in the text that is to be judged or read aloud, or in the prompt of the picture. */
export async function answerShortCall(
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
  options: ShortCallOptions,
): Promise<void> {
  const path = request.url ?? '';
  const body = z.record(z.string(), z.unknown()).parse(text === '' ? {} : JSON.parse(text));
  const { authorization, traceparent, host } = request.headers;
  options.calls.push({ path, body, authorization, traceparent: traceparent?.toString() });
  await options.beforeAnswer({ path, body, connection: connectionOf(request.socket) });
  const key = authorization?.replace(/^Bearer /, '') ?? '';
  if (options.apiKey !== undefined && key !== options.apiKey)
    return sendError(response, 401, { message: `Incorrect API key provided: ${key}.`, code: 'invalid_api_key' });
  if (path.startsWith(pictures)) return void response.writeHead(200, { 'content-type': 'image/png' }).end(scriptedPng);

  const wish = [body['prompt'] ?? body['input']].flat().join('\n');
  const found = parseDirective(wish);
  const passed = found?.times !== undefined && options.callNumber(found.key ?? wish) > found.times;
  const fault = passed ? undefined : found?.fault;
  if (found && fault && breaks(response, found, fault, key)) return;
  if (path === moderations) sendModeration(response, moderationBody.parse(body), options.moderator);
  else if (path === speech) sendSpeech(response, speechBody.parse(body), fault);
  else sendImage(response, fault, { body: imageBody.parse(body), location: found?.location, origin: `http://${host}` });
}

/** Answers with a fault that any call may have; false where the fault is a picture's or a voice's own. */
function breaks(
  response: ServerResponse,
  found: Directive,
  fault: NonNullable<Directive['fault']>,
  key: string,
): boolean {
  if (isImageFault(fault) || isSpeechFault(fault)) return false;
  if (fault === 'empty') response.writeHead(200, { 'content-type': 'application/json' }).end();
  else if (fault === 'bad-json')
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"results":[{"fl');
  else if (fault === 'cut')
    response.writeHead(200, { 'content-length': '1000' }).write('{"results":[', () => response.socket?.destroySoon());
  else if (fault === 'stall') response.writeHead(200).write('{"results":[');
  else return refuse(response, {}, { directive: found }, key);
  return true;
}
