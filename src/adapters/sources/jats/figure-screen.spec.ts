import { describe, expect, it } from '@jest/globals';
import { figureScreen, type FigureScreening } from './figure-screen.js';
import type { ArticleFigure } from './figures.js';
import type { JatsArticle } from './read-article.js';

const figure: ArticleFigure = {
  ...{ id: 'f1', label: 'Figure 1', alt: null, credit: null, permissions: null, pictures: [['a']] },
  caption: 'Chest X-rays of a patient with tuberculosis.',
  mentions: ['An MRI is shown in Figure 1.'],
};

function reasonFor(screening: FigureScreening, changes: Partial<ArticleFigure> = {}, license: string | null = null) {
  const permissions = { license: null, words: null };
  const article: JatsArticle = {
    ...{ type: 'case-report', permissions, figures: [] },
    article: { title: 'A case', license },
  };
  return figureScreen(screening)(article, { ...figure, ...changes });
}

describe('figureScreen', () => {
  it.each([['x-ray'], ['X ray'], ['mri'], ['plot', 'Tuberculosis'], ['patients']])(
    'finds words in captions and mentions as people write them: %s',
    (...words) => {
      expect(reasonFor({ words })).toBe(null);
    },
  );

  it('looks for whole words, and for phrases in their order', () => {
    expect(reasonFor({ words: ['ray x', 'tuber', 'hest'] })).toContain('one of these words: ray x, tuber, hest');
  });

  it.each([
    ['CC-BY-4.0', ['CC-BY'], true],
    ['CC-BY-3.0-IGO', ['cc by'], true],
    ['CC-BY-NC-4.0', ['CC-BY'], false],
    ['CC-BY-NC-4.0', ['CC0', 'CC-BY-NC'], true],
    ['CC-BY-4.0', ['CC-BY-3.0'], false],
    [null, ['CC-BY'], false],
  ])('takes %s for %j: %s', (license, licenses, isTaken) => {
    expect(reasonFor({ licenses }, {}, license) === null).toBe(isTaken);
  });

  it('asks the permissions of a figure before those of its article', () => {
    const permissions = { license: null, words: '© The Press' };
    expect(reasonFor({ licenses: ['CC-BY'] }, { permissions }, 'CC-BY-4.0')).toBe(
      'screened out: it has no known license',
    );
  });

  it('asks for all lists that are given', () => {
    expect(reasonFor({ articleTypes: ['case-report'], words: ['MRI'] })).toBe(null);
    expect(reasonFor({ articleTypes: ['review-article'], words: ['MRI'] })).toContain(
      'type of the article is case-report',
    );
  });

  it.each([{ words: ['--'] }, { words: [''] }, { licenses: [] }, { articleTypes: [' '] }])(
    'refuses %j',
    (screening) => {
      expect(() => figureScreen(screening)).toThrow(/Expected .* but received/);
    },
  );
});
