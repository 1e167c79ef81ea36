import type { Art } from './art.ts';
import { desert, island, lake, lighthouseRock, mountainRange, sea, snow, space } from './far-places.ts';
import { bedroom, underwater } from './inner-scenes.ts';
import type { Scene } from './scene.ts';
import { campsite, castleHill, forest, garden, meadow, town, village } from './wood-and-town.ts';
import type { SceneName } from './words.ts';

export const scenes: Readonly<Record<SceneName, (art: Art) => Scene>> = {
  bedroom,
  underwater,
  forest,
  village,
  town,
  sea,
  lighthouse: lighthouseRock,
  castle: castleHill,
  space,
  desert,
  garden,
  mountains: mountainRange,
  snow,
  lake,
  camp: campsite,
  meadow,
  island,
};
