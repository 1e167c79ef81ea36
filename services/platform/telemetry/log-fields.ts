/**
 * Every field that a log line may carry beside those that each has (`@timestamp`, `log.level`, `message`, `ecs.version`,
 * `service.*`, `trace.id`, `transaction.id`). The Elasticsearch template and the docs are checked against this list.
 * `keyword` is text matched whole; `lamplight.*` are ours, the others are ECS's.
 */
export const logFields = {
  'event.action': 'keyword',
  'event.outcome': 'keyword',
  'event.dataset': 'keyword',
  /** Nanoseconds, as ECS has it. */
  'event.duration': 'long',
  'http.request.method': 'keyword',
  'http.response.status_code': 'long',
  'http.response.body.bytes': 'long',
  'http.route': 'keyword',
  'url.path': 'keyword',
  'user.id': 'keyword',
  'user_agent.original': 'keyword',
  'gen_ai.request.model': 'keyword',
  'gen_ai.response.model': 'keyword',
  'gen_ai.usage.input_tokens': 'long',
  'gen_ai.usage.output_tokens': 'long',
  'lamplight.run.id': 'keyword',
  'lamplight.run.attempt': 'long',
  'lamplight.run.outcome': 'keyword',
  'lamplight.run.length': 'long',
  'lamplight.conversation.id': 'keyword',
  'lamplight.story.id': 'keyword',
  /** What a story is not fit for children for, as its judge names it. */
  'lamplight.story.reasons': 'keyword',
  'lamplight.schedule.id': 'keyword',
  /** What follows a story: narration, picture, mail or notice; and why it failed. */
  'lamplight.follow_up.name': 'keyword',
  'lamplight.follow_up.reason': 'keyword',
  'lamplight.queue.name': 'keyword',
  'lamplight.job.id': 'keyword',
  'lamplight.job.attempt': 'long',
  'lamplight.socket.close_code': 'long',
  'lamplight.setting': 'keyword',
  /** The name of the limit that refused, or is about to. */
  'lamplight.limit.policy': 'keyword',
  'lamplight.count': 'long',
  'error.code': 'keyword',
} as const;

type FieldValue = { keyword: string; long: number };

/** `error` becomes `error.type`, `error.message` and `error.stack_trace`, with its causes. */
export type LogFields = {
  readonly [K in keyof typeof logFields]?: FieldValue[(typeof logFields)[K]];
} & { readonly error?: unknown };
