import type { MongoClient } from 'mongodb';

/**
 * The driver's heartbeats end, one way or the other, within its `connectTimeoutMS` and `heartbeatFrequencyMS` together: 4 s.
 * A little longer, but short enough that a worker still holds its answers after it.
 */
const longestHeartbeatMs = 4_500;

/**
 * Calls back once where a heartbeat of the driver does not end. That happens where all connections break at once, as when
 * the server is killed: the driver then writes to a socket that is destroyed but has not said so yet, and waits for a
 * `drain` that never comes. Its monitor stands still from then on, and no server is ever found again.
 * Returns what ends the watch.
 */
export function watchHeartbeats(client: MongoClient, onStandstill: () => void): () => void {
  const underWay = new Map<string, NodeJS.Timeout>();
  const end = (address: string) => {
    clearTimeout(underWay.get(address));
    underWay.delete(address);
  };
  const endAll = () => {
    for (const address of [...underWay.keys()]) end(address);
  };
  const standStill = () => {
    endAll();
    client.removeAllListeners('serverHeartbeatStarted');
    onStandstill();
  };
  client.on('serverHeartbeatStarted', ({ connectionId: address }) => {
    end(address);
    // Not at once: after a freeze of this process the timer is due before what came meanwhile was read.
    const judge = () => underWay.set(address, setTimeout(standStill, 500).unref());
    underWay.set(address, setTimeout(judge, longestHeartbeatMs).unref());
  });
  client.on('serverHeartbeatSucceeded', ({ connectionId: address }) => end(address));
  client.on('serverHeartbeatFailed', ({ connectionId: address }) => end(address));
  client.on('serverClosed', ({ address }) => end(address));
  return endAll;
}
