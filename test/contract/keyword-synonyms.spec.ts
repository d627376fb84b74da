import { describe, expect, it } from '@jest/globals';
import { parseQuery } from '../../src/domain/text/parse-query.js';
import { Synonyms } from '../../src/domain/text/synonyms.js';
import { openKeywordIndex, panel, small } from '../support/keyword-corpus.js';

describe.each(['sqlite', 'memory'] as const)('a keyword index in %s', (kind) => {
  it('finds what is meant by other words as well, one after the other', async () => {
    const opened = await openKeywordIndex(kind);
    await opened.store([
      { number: 1, caption: 'an acute myocardial infarction' },
      { number: 2, caption: 'infarction, myocardial' },
      { number: 3, caption: 'a heart attack of a rat' },
      ...small.slice(4),
    ]);
    const asOf = await opened.filters.corpus();
    const expansions = Synonyms.parse([{ name: 'list', text: 'heart attack = myocardial infarction' }]).expand(
      parseQuery('heart attack'),
    );
    const query = { text: 'heart attack', expansions, scope: null, asOf };
    const found = await opened.index.search(query, 10);
    expect(found.map(({ panelId }) => panelId).sort()).toEqual([panel(1), panel(3)].sort());
    expect(await opened.index.count(query)).toBe(2);
    const scores = await opened.index.score(query, [panel(1), panel(2)]);
    expect(scores).toEqual([{ panelId: panel(1), score: found.find(({ panelId }) => panelId === panel(1))?.score }]);
    await opened.database.close();
  });

  it('knows words that are spelled nearly like another one, with the number of their panels', async () => {
    const opened = await openKeywordIndex(kind);
    await opened.store([
      { number: 1, caption: 'Fluorescence microscopy' },
      { number: 2, caption: 'Microscopy, and a microscope' },
      { number: 3, caption: 'a macrophage' },
      { number: 4, caption: 'kidneys' },
    ]);
    const ask = async (word: string) => opened.index.wordsLike(word, await opened.filters.corpus());
    expect(await ask('microscpy')).toContainEqual({ word: 'microscopy', panels: 2 });
    expect(await ask('imcroscopy')).toContainEqual({ word: 'microscopy', panels: 2 });
    expect(await ask('kidnys')).toContainEqual({ word: 'kidneys', panels: 1 });
    expect(await ask('zebrafish')).toEqual([]);
    await opened.remove(1);
    expect(await ask('microscpy')).toContainEqual({ word: 'microscopy', panels: 1 });
    await opened.database.close();
  });
});
