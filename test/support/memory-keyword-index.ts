import type { FigureScope } from '../../src/domain/figure-scope.js';
import type { PanelId } from '../../src/domain/ids.js';
import { byScore, type IndexedPanel, type RankedPanel } from '../../src/domain/search.js';
import { KeywordIndex, type KeywordQuery, type QueryInformation } from '../../src/ports/keyword-index.js';
import { wordDistance, type CorpusWord } from '../../src/domain/text/misspelling.js';
import { toPayloadCondition, type FigurePayload } from './figure-payload.js';

interface Entry extends IndexedPanel {
  readonly words: readonly string[];
  readonly payload: FigurePayload;
}

const [k1, b] = [1.2, 0.75];

/** BM25 over whole words in small letters, by a pass over all panels; a filter is a condition on the payload. */
export class MemoryKeywordIndex extends KeywordIndex {
  private readonly entries = new Map<PanelId, Entry>();

  add(panel: IndexedPanel, text: string, payload: FigurePayload): void {
    this.entries.set(panel.panelId, { ...panel, words: wordsOf(text), payload });
  }

  delete(panelId: PanelId): void {
    this.entries.delete(panelId);
  }

  search(query: KeywordQuery, k: number): Promise<readonly (IndexedPanel & RankedPanel)[]> {
    return Promise.resolve(this.match(query).slice(0, k));
  }

  score(query: KeywordQuery, panels: readonly PanelId[]): Promise<readonly RankedPanel[]> {
    const matching = this.match({ ...query, scope: null }).filter(({ panelId }) => panels.includes(panelId));
    return Promise.resolve(matching.map(({ panelId, score }) => ({ panelId, score })));
  }

  count(query: KeywordQuery): Promise<number> {
    return Promise.resolve(new Set(this.match(query).map(({ figureId }) => figureId)).size);
  }

  information({ text }: Pick<KeywordQuery, 'text'>): Promise<QueryInformation> {
    const all = [...this.entries.values()];
    const words = [...new Set(wordsOf(text))];
    const total = words.reduce((sum, word) => {
      const matching = all.filter((entry) => entry.words.includes(word)).length;
      return sum + Math.max(0, Math.log((all.length - matching + 0.5) / (matching + 0.5)));
    }, 0);
    return Promise.resolve({ words: words.length, total });
  }

  wordsLike(word: string): Promise<readonly CorpusWord[]> {
    const all = [...this.entries.values()];
    const words = [...new Set(all.flatMap((entry) => entry.words))].filter((one) => wordDistance(one, word) <= 3);
    const panels = (one: string): number => all.filter((entry) => entry.words.includes(one)).length;
    return Promise.resolve(words.map((one) => ({ word: one, panels: panels(one) })));
  }

  private match({ text, expansions = [], scope }: KeywordQuery): readonly (IndexedPanel & RankedPanel)[] {
    const all = [...this.entries.values()];
    const meanLength = all.reduce((sum, { words }) => sum + words.length, 0) / all.length;
    const isAllowed = conditionOf(scope);
    const synonyms = expansions.flatMap((expansion) => expansion.synonyms.map((one) => wordsOf(one)));
    const terms = [...wordsOf(text).map((word) => [word]), ...synonyms].map((word) => {
      const matching = all.filter(({ words }) => countOf(word, words) > 0).length;
      return { word, idf: Math.max(1e-6, Math.log((all.length - matching + 0.5) / (matching + 0.5))) };
    });
    return all
      .flatMap(({ words, payload, panelId, figureId, imageKey }) => {
        const norm = k1 * (1 - b + (b * words.length) / meanLength);
        const score = terms.reduce((sum, { word, idf }) => {
          const frequency = countOf(word, words);
          return sum + (idf * frequency * (k1 + 1)) / (frequency + norm);
        }, 0);
        return score > 0 && isAllowed(payload) ? [{ panelId, figureId, imageKey, score }] : [];
      })
      .sort(byScore);
  }
}

/** How often words follow each other in others. */
function countOf(phrase: readonly string[], words: readonly string[]): number {
  return words.filter((_, at) => phrase.every((word, i) => words[at + i] === word)).length;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z]+/g) ?? [];
}

function conditionOf(scope: FigureScope | null): (payload: FigurePayload) => boolean {
  return scope?.filter == null ? () => true : toPayloadCondition(scope.filter);
}
