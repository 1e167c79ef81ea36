import { rm } from 'node:fs/promises';
import { describe, expect, inject, it } from 'vitest';
import { playEvening } from './play-evening.ts';
import { describeBreach } from './report.ts';

const serversMissing = !inject('canStartRedis') || !inject('canStartMongo');
const kills = 10;

describe.skipIf(serversMissing)(
  `an evening with ${kills} kills${serversMissing ? ' (needs Redis and MongoDB)' : ''}`,
  () => {
    it('has one story, voice, picture and mail for each schedule', { timeout: 240_000 }, async () => {
      const said: string[] = [];
      const say = (line: string) => said.push(line);
      const result = await playEvening({ embedded: false, voice: 'provider', kills, seed: 7, say });
      expect(result.breaches.map(describeBreach), said.join('\n')).toEqual([]);
      expect(new Set(result.strikes.map(({ step }) => step)).size).toBe(kills);
      await rm(result.stage.dir, { recursive: true });
    });
  },
);
