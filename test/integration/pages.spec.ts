import { describe, expect, it } from '@jest/globals';
import { withApp } from '../../src/app/command-context.js';
import { loadConfig } from '../../src/app/config.js';
import { figureIdOf, type FigureId } from '../../src/domain/ids.js';
import { ActiveModel } from '../../src/app/active-model.js';
import { FigureSearch } from '../../src/search/figure-search.js';
import { parseSearchRequest, defaultSearchRequest, type SearchRequest } from '../../src/search/search-request.js';
import { FigureWriter } from '../../src/ports/figure-writer.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { newPlace } from '../support/figseek-process.js';
import { localOperator } from '../../src/domain/viewer.js';

const figures = 3100;
const pages = 100;
const first = 20;
const changes = 2000;

describe('pages', () => {
  it(`neither repeat nor skip: ${pages} of ${first} while another client adds and deletes ${changes} figures`, async () => {
    const { data, indexes } = newPlace();
    const config = loadConfig({ data, indexes });
    await withApp(config, async (core) => {
      const { model } = core.get(ActiveModel).current;
      const writer = core.get(FigureWriter);
      const search = core.get(FigureSearch);
      await writer.replace(Array.from({ length: figures }, (_, number) => drawnFigure(number, model)));
      const request: SearchRequest = {
        ...defaultSearchRequest,
        terms: [
          { kind: 'image', image: { source: { kind: 'figure', id: figureIdOf('figure-0') }, region: null }, weight: 1 },
        ],
        channels: ['IMAGE'],
        collapseDuplicates: false,
        first,
      };

      const answer = await search.ranked(localOperator, parseSearchRequest(request, config.maxFirst), figures);
      const whole = answer.figures.map(({ figureId }) => figureId);
      expect(whole).toHaveLength(figures);

      const deleted = new Set<FigureId>();
      const added = new Set<FigureId>();
      let made = 0;
      // Half of the changes add a figure, of which every second is deleted again; the others delete old ones.
      const otherClient = async (): Promise<void> => {
        for (let turn = 0; made < changes; turn++) {
          const bundle = drawnFigure(figures + turn, model);
          await writer.replace([bundle]);
          added.add(bundle.figure.id);
          const gone = [turn % 2 === 0 ? figureIdOf(`figure-${1 + ((turn * 7) % (figures - 1))}`) : bundle.figure.id];
          for (const { id } of await writer.delete(gone)) deleted.add(id);
          made += 2;
        }
      };

      const shown: FigureId[] = [];
      const goneWhenShown: FigureId[] = [];
      const pageOf = async (after: string | null): Promise<string> => {
        const before = new Set(deleted);
        const { hits } = await search.search(localOperator, request, { after });
        goneWhenShown.push(...hits.map(({ figureId }) => figureId).filter((id) => before.has(id)));
        shown.push(...hits.map(({ figureId }) => figureId));
        expect(hits).toHaveLength(first);
        return hits.at(-1)?.cursor ?? '';
      };
      let cursor = await pageOf(null);
      const changing = otherClient();
      let pagesWhileChanging = 0;
      for (let page = 1; page < pages; page++) {
        cursor = await pageOf(cursor);
        if (made < changes) pagesWhileChanging++;
        // The other client's share of the time: both go on through the whole run.
        while (made < changes && added.size < (page * changes) / 2 / pages)
          await new Promise((wake) => setTimeout(wake, 2));
      }
      await changing;
      expect(made).toBe(changes);
      expect(pagesWhileChanging).toBeGreaterThan(pages / 2);

      expect(new Set(shown).size).toBe(pages * first);
      expect(goneWhenShown).toEqual([]);
      expect(shown.filter((id) => added.has(id))).toEqual([]);
      // No gap: between two figures shown, the whole answer holds none that is still there.
      const places = shown.map((id) => whole.indexOf(id));
      expect(places.every((place, i) => place > (places[i - 1] ?? -1))).toBe(true);
      const passedOver = whole.slice(0, places.at(-1)).filter((id) => !shown.includes(id));
      expect(passedOver.filter((id) => !deleted.has(id))).toEqual([]);
      expect(passedOver.length).toBeGreaterThan(100);
    });
  });
});
