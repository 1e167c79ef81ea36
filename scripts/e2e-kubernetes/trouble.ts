import type { Cluster } from './cluster.ts';

/** Of the newest events, warnings and errors of all pods, so many are told, each up to so many characters. */
const mostLines = 30;
const lineLength = 500;

/** What stands in the namespace and what its pods complain of: for whoever reads the report of a run that broke off. */
export async function describeTrouble(cluster: Cluster, label: string): Promise<string> {
  const logs = ['logs', '-l', label, '--all-containers', '--prefix', '--tail=500', '--max-log-requests=50'];
  const seen = await Promise.allSettled([
    cluster.kubectl(['get', 'pods', '-o', 'wide']),
    cluster.kubectl(['get', 'events', '--sort-by=.lastTimestamp']).then((events) => lastLines(events, mostLines)),
    cluster.kubectl(logs).then((lines) => lastLines(complaintsOf(lines), mostLines)),
  ]);
  return seen.map((part) => (part.status === 'fulfilled' ? part.value : `${part.reason}`)).join('\n\n');
}

const complaintsOf = (lines: string): string =>
  lines
    .split('\n')
    .filter((line) => /"log\.level":"(?:warn|error|fatal)"/.test(line))
    .sort((one, other) => timeOf(one).localeCompare(timeOf(other)))
    .join('\n');

const timeOf = (line: string): string => /"@timestamp":"([^"]+)"/.exec(line)?.[1] ?? '';

const lastLines = (text: string, count: number): string =>
  text
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map((line) => line.slice(0, lineLength))
    .join('\n');
