import type { Cluster } from './cluster.ts';
import type { Release } from './release.ts';

/** Something that happens to a running Lamplight while people chat. Resolves when it is over and all is in place again. */
export interface Event {
  readonly name: string;
  happen(place: Place): Promise<void>;
}

interface Place {
  readonly cluster: Cluster;
  readonly release: Release;
  readonly say: (line: string) => void;
}

const services = ['api', 'realtime', 'worker', 'scheduler', 'edge'];

const upgrade: Event = {
  name: 'upgrade to a new image',
  happen: ({ release }) => release.upgrade({ tag: 'new' }),
};

const deletePods: Event = {
  name: 'delete a pod of each service',
  async happen({ cluster, release, say }) {
    for (const service of services) {
      await deleteOldest(cluster, release.podsOf(service));
      await cluster.settled(release.deployment(service));
      say(`a pod of ${service} was deleted and replaced`);
    }
  },
};

const killPods: Event = {
  name: 'kill a pod of each service without notice',
  async happen({ cluster, release, say }) {
    for (const service of services) {
      await deleteOldest(cluster, release.podsOf(service), ['--grace-period=0', '--force']);
      await cluster.settled(release.deployment(service));
      say(`a pod of ${service} was killed and replaced`);
    }
  },
};

/** The new one begins empty: its data is gone with the pod. */
const killRedis: Event = {
  name: 'kill Redis, and lose what it held',
  async happen({ cluster }) {
    await deleteOldest(cluster, 'app=redis', ['--grace-period=0', '--force']);
    await cluster.settled('redis');
  },
};

const badImage: Event = {
  name: 'a bad image, which rolls back by itself',
  async happen({ release, say }) {
    const before = await release.status();
    const refusal = await release.upgrade({ tag: 'broken', timeoutSeconds: 45 }).then(
      () => undefined,
      (error: Error) => error,
    );
    if (!refusal) throw new Error('The upgrade to an image whose processes do not start succeeded.');
    const after = await release.status();
    if (after.status !== 'deployed' || after.images.join() !== before.images.join()) {
      throw new Error(`After the roll back the release is ${after.status} with ${after.images.join(', ')}.`);
    }
    await release.settled();
    say(`revision ${after.revision} is ${before.images.length} images as before`);
  },
};

const scale: Event = {
  name: 'scale 2 to 4 to 1',
  async happen({ release, say }) {
    for (const replicas of [4, 1]) {
      await release.upgrade({ replicas });
      say(`${replicas} of each`);
    }
  },
};

export const events: readonly Event[] = [upgrade, deletePods, killRedis, badImage, scale];
/** For runs by hand: what CI has no time for. */
export const longEvents: readonly Event[] = [upgrade, deletePods, killPods, killRedis, badImage, scale];

async function deleteOldest(cluster: Cluster, label: string, how: readonly string[] = []): Promise<void> {
  const [pod] = await cluster.pods(label);
  if (!pod) throw new Error(`There is no running pod with ${label}.`);
  await cluster.kubectl(['delete', 'pod', pod, '--wait=false', ...how]);
  await cluster.kubectl(['wait', '--for=delete', `pod/${pod}`, '--timeout=180s']);
}
