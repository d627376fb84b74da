import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { MemorySearch } from '../../test/support/memory-search.js';
import type { FacetField } from '../domain/facet.js';
import { imageHashOf } from '../domain/ids.js';
import { localOperator } from '../domain/viewer.js';
import { defaultSearchRequest, type SearchRequest } from './search-request.js';

describe('the facets of a search', () => {
  let memory: MemorySearch;

  // Of 60 figures every second one is of the lung; each has a label of its own, and those of the lung one in common.
  beforeEach(async () => {
    memory = new MemorySearch();
    for (let number = 0; number < 60; number++) {
      const drawn = drawnFigure(number, memory.encoder.model);
      const isLung = number % 2 === 0;
      await memory.add({
        ...drawn,
        figure: {
          ...drawn.figure,
          caption: isLung ? 'lung tissue' : 'liver tissue',
          labels: [`own ${String(number).padStart(2, '0')}`, ...(isLung ? ['thorax'] : [])],
          modality: number % 3 === 0 ? 'CT' : 'MRI',
        },
      });
    }
  });

  const text = (words: string, changes: Partial<SearchRequest> = {}): SearchRequest => ({
    ...defaultSearchRequest,
    terms: [{ kind: 'text', text: words, weight: 1 }],
    ...changes,
  });

  async function facet(request: SearchRequest, field: FacetField) {
    const answer = await memory.figures.search(localOperator, request);
    const [found] = await answer.facets([field]);
    return { info: answer.info, values: found?.values.map(({ value, count, hits }) => [value, count, hits]) ?? [] };
  }

  it('count the figures that hold a word, where words alone decide', async () => {
    const { values, info } = await facet(text('lung', { channels: ['KEYWORD'] }), 'modality');
    expect(info.total).toBe(30);
    expect(values).toEqual([
      ['MRI', 20, 20],
      ['CT', 10, 10],
    ]);
    const any = await facet(text('lung spleen', { channels: ['KEYWORD'] }), 'modality');
    expect(any.values).toEqual(values);
  });

  it('count all hits of a query of conditions alone, however many were ranked', async () => {
    const { values, info } = await facet(text('-liver', { first: 2 }), 'modality');
    expect(info.total).toBe(30);
    expect(values).toEqual([
      ['MRI', 20, 20],
      ['CT', 10, 10],
    ]);
  });

  it('count what can be listed, and of the hits only what matches, where vectors rank every figure', async () => {
    const { values, info } = await facet(text('lung zorivaf', { first: 1 }), 'modality');
    const { hits } = await memory.figures.search(localOperator, text('lung zorivaf', { first: 100 }));
    const matching = hits.filter(({ isMatch }) => isMatch === true);
    expect([info.total, info.matches]).toEqual([60, matching.length]);
    expect(values.map(([value, count]) => [value, count]).sort()).toEqual([
      ['CT', 20],
      ['MRI', 40],
    ]);
    expect(values.reduce((sum, [, , found]) => sum + Number(found), 0)).toBe(matching.length);
  });

  it('give the values of the hits first, also rare ones', async () => {
    const request = text('lung', { channels: ['KEYWORD'], filter: { modalities: ['CT'] } });
    const { values } = await facet(request, 'label');
    expect(values[0]).toEqual(['thorax', 10, 10]);
    // The own labels of the hits are behind fifty others in the order of the alphabet; an image search ranks all.
    const image: SearchRequest = {
      ...text(''),
      terms: [
        {
          kind: 'image',
          image: { source: { kind: 'figure', id: drawnFigure(58).figure.id }, region: null },
          weight: 1,
        },
      ],
      channels: ['IMAGE'],
      minRelativeScore: 0.999,
    };
    expect((await facet(image, 'label')).values.slice(0, 3)).toEqual([
      ['thorax', 30, 1],
      ['own 58', 1, 1],
      ['own 00', 1, 0],
    ]);
  });

  it('leave out the own part of the filter for what can be added, and keep it for the hits', async () => {
    const request = text('lung', { channels: ['KEYWORD'], filter: { modalities: ['CT'] } });
    expect((await facet(request, 'modality')).values).toEqual([
      ['CT', 10, 10],
      ['MRI', 20, 0],
    ]);
  });

  it('count the figures that a hit stands for', async () => {
    const copy = drawnFigure(90, memory.encoder.model);
    const imageHash = imageHashOf(Buffer.from('0'));
    await memory.add({ ...copy, figure: { ...copy.figure, caption: 'lung', modality: 'CT', imageHash } });
    const image = text('', {
      terms: [
        {
          kind: 'image',
          image: { source: { kind: 'figure', id: drawnFigure(0).figure.id }, region: null },
          weight: 1,
        },
      ],
      // One channel alone would rank fewer at first.
      channels: ['IMAGE', 'CAPTION'],
    });
    const { hits } = await memory.figures.search(localOperator, { ...image, first: 100 });
    expect(hits.length).toBeLessThan(61);
    const { values } = await facet(image, 'modality');
    expect(values.reduce((sum, [, , found]) => sum + Number(found), 0)).toBe(61);
  });
});
