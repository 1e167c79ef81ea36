// Makes the stack's MongoDB ready, once or again: its replica set and the user that Lamplight signs in as.
// node deploy/mongodb/main.ts, with MONGODB_URI(_FILE) as the services have it and MONGODB_ROOT_PASSWORD(_FILE).
import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { prepareMongoDb } from './prepare-mongodb.ts';
import { readTargets, WrongTargets } from './targets.ts';

const wrongSettings = 78;
const say = (line: string): void => void process.stdout.write(`mongodb: ${line}\n`);

async function main(): Promise<number> {
  const targets = readTargets(process.env);
  // Straight to that one server: as long as it has no replica set, a driver that looks for one finds nothing.
  const client = new MongoClient(`mongodb://${targets.host}/?directConnection=true`, {
    auth: { username: 'root', password: targets.rootPassword },
    authSource: 'admin',
    serverSelectionTimeoutMS: 2000,
  });
  try {
    await prepareMongoDb(targets, {
      command: async (document) => client.db('admin').command(document),
      pause: (ms) => pause(ms),
      say,
      tries: 60,
    });
    return 0;
  } finally {
    await client.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`mongodb: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof WrongTargets ? wrongSettings : 1;
}
