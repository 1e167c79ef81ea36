import type { EdgeSettings } from '../settings.ts';
import { limits } from './client.ts';
import { passTo } from './proxy.ts';
import { indented } from './quoting.ts';

/** The services read at most 1.5 MB of JSON (services/platform/http/read-body.ts) and say so themselves. */
const bodyLimit = '2m';
/** A character's picture of 5 MB, and a little. */
const pictureBodyLimit = '6m';
/** Nobody is known yet who sends these: names, addresses, passwords of 1,024 characters at most. */
const signInBodyLimit = '64k';
/** What a multipart form adds to the file in it. */
const formMegabytes = 1;
/** An answer in one piece comes when it is whole: after MAX_RUN_SECONDS, 900 where nothing is said. */
const wholeAnswer = '930s';
/** All of a person, or of a year: what comes is written as it is read, and may be slow to begin. */
const exported = '300s';

/** The paths that the services answer, the same on both hosts; the split is that of scripts/services/front.ts. */
export function apiLocations(settings: EdgeSettings): string {
  const api = passTo('api', settings.apiUpstream);
  const realtime = passTo('realtime', settings.realtimeUpstream);
  const limited = limits(settings);
  const shared = [...limited, `client_max_body_size ${bodyLimit};`];
  const signIn = [...limited, `client_max_body_size ${signInBodyLimit};`, ...api];
  const download = [`proxy_read_timeout ${exported};`, ...shared, ...api];
  const stream = ['proxy_buffering off;', ...shared, ...realtime];
  const upload = [
    ...limited,
    `client_max_body_size ${settings.maxFileMegabytes + formMegabytes}m;`,
    'proxy_send_timeout 120s;',
    ...api,
  ];
  const blocks: ReadonlyArray<readonly [string, readonly string[]]> = [
    ['^~ /api/', [...shared, ...api]],
    ['= /api', [...shared, ...api]],
    // Compressed replies to what an attacker may steer would tell him of the tokens in them.
    ['^~ /api/auth/', ['gzip off;', 'brotli off;', ...signIn]],
    ['= /api/me/export', download],
    ['= /api/analytics/export', download],
    ['= /api/characters', [...shared, ...api]],
    ['^~ /api/characters/', [...limited, `client_max_body_size ${pictureBodyLimit};`, ...api]],
    ['= /api/files', upload],
    ['^~ /api/files/', upload],
    ['= /api/chat', stream],
    ['^~ /api/chat/', stream],
    ['= /api/chat/send-simple', [`proxy_read_timeout ${wholeAnswer};`, ...stream]],
    ['= /api/runs', stream],
    ['^~ /api/runs/', stream],
    ['= /ws', stream],
    ['^~ /ws/', stream],
    ['= /docs', [...shared, ...api]],
    ['^~ /docs/', [...shared, ...api]],
    ['= /health', [...shared, ...api]],
  ];
  return `${blocks.map(([path, lines]) => `location ${path} {\n${indented(lines)}\n}`).join('\n\n')}\n`;
}
