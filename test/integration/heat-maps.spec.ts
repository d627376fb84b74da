import { describe, expect, it } from '@jest/globals';
import { withApp } from '../../src/app/command-context.js';
import { loadConfig } from '../../src/app/config.js';
import { encodePng } from '../../src/imaging/encode.js';
import { ActiveModel } from '../../src/app/active-model.js';
import { newPlace } from '../support/figseek-process.js';
import {
  areaShare,
  objectsOfDrawings,
  panelsOfCompounds,
  pointsAt,
  type NamedThing,
} from '../support/pointing-game.js';

describe('heat maps', () => {
  // Pointing game: Zhang et al., “Top-down Neural Attention by Excitation Backprop”, ECCV 2016.
  it.each([
    ['the named panel of a compound figure', () => panelsOfCompounds(6)],
    ['the named object of a drawing', () => objectsOfDrawings(36)],
  ])('point at %s at least twice as often as chance', async (_what, draw: () => readonly NamedThing[]) => {
    const { data, indexes } = newPlace();
    await withApp(loadConfig({ data, indexes }), async (core) => {
      const things = draw();
      const { queries, heatMaps } = core.get(ActiveModel).current;
      const directions = await queries.encodeTexts(things.map(({ text }) => text));
      let hits = 0;
      let chance = 0;
      for (const [i, thing] of things.entries()) {
        const { width, height } = thing.image;
        const whole = { x: 0, y: 0, width, height };
        const map = await heatMaps.map(await encodePng(thing.image), whole, directions[i] ?? new Float32Array(0));
        if (pointsAt(map, thing)) hits++;
        chance += areaShare(thing);
      }
      expect(things.length).toBeGreaterThanOrEqual(20);
      expect(hits / chance).toBeGreaterThanOrEqual(2);
    });
  });
});
