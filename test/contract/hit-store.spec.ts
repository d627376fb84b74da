import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { figureIdOf, panelIdOf, type PanelId } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnArticle, drawnFigure, withArticle, withParts } from '../support/drawn-figures.js';

const whole = (number: number): PanelId => panelIdOf(figureIdOf(`figure-${number}`), 0);
const part = (number: number, ordinal: number): PanelId => panelIdOf(figureIdOf(`figure-${number}`), ordinal);

describe.each(corpora)('hits that are read from %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  it('hold the panel, its figure, and the article', async () => {
    const { writer, hits } = opened.stores;
    const first = withParts(drawnFigure(1), ['A', 'B']);
    await writer.replace([first, drawnFigure(2)]);
    const found = await hits.read([part(1, 2), whole(2)]);
    expect(new Set(found.keys())).toEqual(new Set([part(1, 2), whole(2)]));
    expect(found.get(part(1, 2))).toEqual({
      panel: first.panels[2],
      figure: first.figure,
      article: { ...first.article, retracted: false },
    });
    expect(found.get(whole(2))).toMatchObject({ panel: { id: whole(2) }, figure: { caption: 'caption 2' } });
  });

  it('have no article where the figure has none', async () => {
    const drawn = drawnFigure(1);
    await opened.stores.writer.replace([{ ...drawn, article: null, figure: { ...drawn.figure, articleId: null } }]);
    expect((await opened.stores.hits.read([whole(1)])).get(whole(1))?.article).toBeNull();
  });

  it('leave out panels that are gone or never were', async () => {
    const { writer, hits } = opened.stores;
    await writer.replace([withParts(drawnFigure(1), ['A']), drawnFigure(2)]);
    await writer.replace([drawnFigure(1)]);
    await writer.delete([figureIdOf('figure-2')]);
    const asked = [whole(1), part(1, 1), whole(2), whole(9), 'no panel' as PanelId];
    expect([...(await hits.read(asked)).keys()]).toEqual([whole(1)]);
    expect(await hits.read([])).toEqual(new Map());
  });

  it('show the figure and the article as they are now, also after articles became one', async () => {
    const { writer, hits } = opened.stores;
    const one = withArticle(drawnFigure(1), drawnArticle('one', { pmcid: 'PMC5' }));
    const other = withArticle(drawnFigure(2), drawnArticle('other', { doi: '10.1/five' }));
    await writer.replace([one, other]);
    const caption = 'written anew';
    const article = drawnArticle('one', { pmcid: 'PMC5', doi: '10.1/five', title: 'Both' });
    await writer.replace([withArticle({ ...one, figure: { ...one.figure, caption } }, article)]);
    const found = await hits.read([whole(1), whole(2)]);
    expect(found.get(whole(1))?.figure.caption).toBe(caption);
    const articles = [...found.values()].map((hit) => hit.article);
    expect(articles).toEqual([articles[0], articles[0]]);
    expect(articles[0]).toMatchObject({ pmcid: 'PMC5', doi: '10.1/five', title: 'Both' });
  });

  it('show what the markup of a caption and of a title stands for', async () => {
    const article = drawnArticle('one', { title: 'CD4<sup>+</sup> cells' });
    const drawn = withArticle(withParts(drawnFigure(1), ['A']), article);
    const figure = { ...drawn.figure, caption: 'H<sub>2</sub>O &amp; salt' };
    const panels = drawn.panels.map((panel) => ({ ...panel, caption: 'IFN-&gamma;' }));
    await opened.stores.writer.replace([{ ...drawn, figure, panels }]);
    expect((await opened.stores.hits.read([part(1, 1)])).get(part(1, 1))).toMatchObject({
      figure: { caption: 'H₂O & salt' },
      panel: { caption: 'IFN-γ' },
      article: { title: 'CD4⁺ cells' },
    });
  });
});
