import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { MemorySearch } from '../../test/support/memory-search.js';
import type { ChannelWeights } from '../domain/channel-weights.js';
import { withTunedSettings, type TunedSettings } from '../domain/tuned-settings.js';
import { figureIdOf } from '../domain/ids.js';
import { localOperator } from '../domain/viewer.js';
import { defaultSearchRequest, type SearchRequest, type Term } from './search-request.js';

describe('a search with tuned settings', () => {
  let memory: MemorySearch;

  beforeEach(async () => {
    memory = new MemorySearch();
    for (let number = 0; number < 40; number++) {
      const drawn = drawnFigure(number, memory.encoder.model);
      const caption = number % 2 === 0 ? 'lung' : 'liver and lung';
      await memory.add({ ...drawn, figure: { ...drawn.figure, caption } });
    }
  });

  const byText: Term = { kind: 'text', text: 'lung', weight: 1 };
  const figure: Term = {
    kind: 'image',
    image: { source: { kind: 'figure', id: figureIdOf('figure-3') }, region: null },
    weight: 1,
  };

  async function found(term: Term, channelWeights: ChannelWeights = {}) {
    const request: SearchRequest = { ...defaultSearchRequest, terms: [term], channelWeights };
    const { hits } = await memory.figures.search(localOperator, request);
    return hits.map(({ figureId, score }) => [figureId, score]);
  }

  async function tune(settings: TunedSettings | null, version = memory.encoder.model.version): Promise<void> {
    await memory.settings.set('channel_weights', withTunedSettings(null, version, settings));
    await memory.tuned.refresh();
  }

  it('ranks a text as a request that names the weights', async () => {
    const usual = await found(byText);
    const named = await found(byText, { IMAGE: 50 });
    expect(named).not.toEqual(usual);
    await tune({ weights: { IMAGE: 50 }, depth: null });
    expect(await found(byText)).toEqual(named);
    // A request that names its own weights has those.
    expect(await found(byText, { IMAGE: 1 })).toEqual(usual);
    await tune(null);
    expect(await found(byText)).toEqual(usual);
  });

  it('ranks by an image as before', async () => {
    const usual = await found(figure);
    await tune({ weights: { IMAGE: 50, CAPTION: 0.01 }, depth: 100 });
    expect(await found(figure)).toEqual(usual);
  });

  it('asks several channels for as many panels as were tuned for, of texts alone', async () => {
    for (let number = 40; number < 150; number++) await memory.add(drawnFigure(number, memory.encoder.model));
    const candidates = async (term: Term, channels: SearchRequest['channels'] = null): Promise<number> => {
      const request: SearchRequest = { ...defaultSearchRequest, terms: [term], channels };
      return (await memory.figures.search(localOperator, request)).info.candidates;
    };
    expect(await candidates(byText, ['IMAGE', 'CAPTION'])).toBe(150);
    await tune({ weights: {}, depth: 100 });
    const fewer = await candidates(byText, ['IMAGE', 'CAPTION']);
    expect(fewer).toBeGreaterThanOrEqual(100);
    expect(fewer).toBeLessThan(150);
    expect(await candidates(figure)).toBe(150);
    // A single channel ranks by itself.
    expect(await candidates(byText, ['IMAGE'])).toBe(56);
    await tune(null);
    expect(await candidates(byText, ['IMAGE', 'CAPTION'])).toBe(150);
  });

  it('has those of its own model alone', async () => {
    const usual = await found(byText);
    await tune({ weights: { IMAGE: 50 }, depth: null }, 'another version');
    expect(await found(byText)).toEqual(usual);
  });
});
