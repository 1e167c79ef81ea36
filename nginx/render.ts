import type { EdgeSettings } from './settings.ts';
import { apiLocations } from './templates/api-locations.ts';
import { errorLocations } from './templates/errors.ts';
import { headersInclude } from './templates/headers.ts';
import { httpConf, nginxConf } from './templates/nginx-conf.ts';
import { servers } from './templates/servers.ts';
import { tlsInclude } from './templates/tls.ts';
import { webLocations } from './templates/web-locations.ts';

/** The configuration of the edge: the text of each file of its folder, by name. `nginx.conf` includes the others. */
export const renderEdge = (settings: EdgeSettings): ReadonlyMap<string, string> =>
  new Map([
    ['nginx.conf', nginxConf(settings)],
    ['http.conf', httpConf(settings)],
    ['headers.conf', headersInclude()],
    ['errors.conf', errorLocations()],
    ['api-locations.conf', apiLocations(settings)],
    ['web-locations.conf', webLocations(settings)],
    ...(settings.tls ? [['tls.conf', tlsInclude(settings)] as const] : []),
    ['servers.conf', servers(settings)],
  ]);
