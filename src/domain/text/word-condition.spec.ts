import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isProse, parseQuery } from './parse-query.js';
import { conditionOf, countLookups, plainText, textToEmbed, type WordCondition } from './word-condition.js';

/** A condition as one line: fields before a colon, phrases in quotation marks. */
function written(condition: WordCondition | null): string {
  if (condition === null) return '';
  switch (condition.kind) {
    case 'figure':
      return `figure ${condition.id}`;
    case 'not':
      return `not ${written(condition.part)}`;
    case 'all':
    case 'any':
      return `(${condition.parts.map(written).join(condition.kind === 'all' ? ' & ' : ' | ')})`;
    case 'word':
    case 'phrase': {
      const text = condition.kind === 'phrase' ? `"${condition.text}"` : condition.text;
      return condition.field === null ? text : `${condition.field}:${text}`;
    }
  }
}

const id = `fig_${'0a'.repeat(12)}`;

describe('a query', () => {
  it.each([
    // [text, what is required, what is embedded]
    ['lung nodule', '', 'lung nodule'],
    ['"western blot"', '"western blot"', 'western blot'],
    ['gel "western blot"', '"western blot"', 'gel western blot'],
    ['“western blot”', '"western blot"', 'western blot'],
    ['chest NOT radiograph', 'not radiograph', 'chest'],
    ['chest -radiograph', 'not radiograph', 'chest'],
    ['chest -"lung field" -label:CT', '(not "lung field" & not label:CT)', 'chest'],
    ['stored at -80 °C', '', 'stored at -80 °C'],
    ['lung AND nodule', '(lung & nodule)', 'lung nodule'],
    ['lung OR heart', '', 'lung OR heart'],
    ['"lung" OR heart', '("lung" | heart)', 'lung heart'],
    ['lung AND (CT OR MRI) NOT child', '((lung & (CT | MRI)) & not child)', 'lung CT MRI'],
    ['NOT (rat OR mouse)', 'not (rat | mouse)', ''],
    ['NOT (rat mouse)', 'not (rat | mouse)', ''],
    ['journal:eLife cell', 'journal:eLife', 'cell'],
    ['caption:cell', 'caption:cell', 'cell'],
    ['label:"Figure 2"', 'label:"Figure 2"', ''],
    ['PMC123 cell', 'PMC123', 'cell'],
    ['10.1371/journal.pone.1', '10.1371/journal.pone.1', ''],
    ['https://doi.org/10.1371/X', 'ids:10.1371/x', ''],
    [id, `figure ${id}`, ''],
    ['neutro*', '', 'neutro*'],
    ['AND OR NOT', '', 'AND OR NOT'],
    ['cell -(rat mouse)', 'not (rat | mouse)', 'cell'],
    ['cell -organism:human', '(not organism & not human)', 'cell'],
    ['"of the" cell', '', '"of the" cell'],
    ['"cell" "cell"', '"cell"', 'cell cell'],
  ])('%s requires %p', (text, required, embedded) => {
    const query = parseQuery(text);
    const condition = conditionOf(query);
    expect(written(condition)).toBe(required);
    expect(condition === null ? text : textToEmbed(query)).toBe(embedded);
  });

  it('of many words is prose, whose marks are no operators', () => {
    const prose = `The panel ${'shows the treated cells '.repeat(6)} "as labeled" -and NOT others`;
    expect([isProse(prose), isProse('gel "western blot" NOT lane')]).toEqual([true, false]);
    expect(plainText(parseQuery(prose))).toContain('as labeled and others');
  });

  it('with AND, OR or a field is no prose, however long', () => {
    const genes = Array.from({ length: 24 }, (_, i) => `GENE${i}x`).join(' OR ');
    expect([isProse(`(${genes}) NOT review`), isProse(`label:MRI ${'word '.repeat(24)}`)]).toEqual([false, false]);
    expect(isProse(`See doi:10.1371/journal.pone.1 for ${'the stained cells '.repeat(8)}`)).toBe(true);
  });

  it('costs as many lookups as its words cannot be looked for at once', () => {
    const lookups = (text: string) => countLookups(conditionOf(parseQuery(text)) ?? { kind: 'all', parts: [] });
    expect(['"a b" "c d"', 'x NOT (rat OR mouse OR cat)', 'lung AND nodule', '"p q" OR r OR s'].map(lookups)).toEqual([
      2, 1, 2, 1,
    ]);
  });

  it('has words without conditions', () => {
    expect(plainText(parseQuery('gel "western blot" NOT lane label:"Figure 2" PMC12'))).toBe(
      'gel western blot Figure 2',
    );
  });

  it.each([
    ['"NOT seen in PMC12"', 'not seen in'],
    ['label:"lung AND CT" -heart', 'lung and CT'],
    ['"caption:cell -80" -nucleus', 'caption cell -80'],
  ])('%s has words that require nothing where they stand alone', (text, words) => {
    expect(plainText(parseQuery(text))).toBe(words);
  });

  it('has words without conditions, whatever is written', () => {
    const marks = ['"', '“', ' ', '-', '(', ')', '*', ':', 'AND', 'OR', 'NOT', '&quot;', 'caption:', 'doi:', 'id:'];
    const words = ['cell', 'IL', '-80', 'PMC12', '10.1371/x', id, 'H & E', 'https://doi.org/'];
    const texts = fc.array(fc.constantFrom(...marks, ...words), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        expect(conditionOf(parseQuery(plainText(parseQuery(text))))).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });
});
