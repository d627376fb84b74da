/** Words of a group of figures: in how many figures of it each word stands. */
export interface WordCounts {
  /** By word. */
  readonly figures: ReadonlyMap<string, number>;
  /** Sum of the counts. */
  readonly total: number;
  /** Figures of the group. */
  readonly size: number;
}

/**
 * Strength of the prior, in words: the more, the more evidence a rare word needs. In a small corpus, a share of its words: else
 * nothing there could be told from chance.
 */
const maxPriorWords = 500;
const priorShare = 0.1;
/** Above it, a word is more frequent in the group than elsewhere by more than chance (two-sided, 95 %). */
const minZ = 1.96;
/** A word of the group stands in at least this share of its figures, and in two of them. */
const minShare = 0.1;
const minFigures = 2;

/**
 * The words that tell a group from all others: those with the greatest z-score of the log-odds ratio, with the words of all
 * groups as the prior.
 * Source: Monroe, Colaresi and Quinn, “Fightin’ Words”, Political Analysis 2008, equations 16 to 22.
 * @param all words of all groups together
 * @returns most telling first, at most `limit`; of words with one stem, the first
 */
export function distinctiveWords(
  group: WordCounts,
  all: WordCounts,
  limit: number,
  stemOf: (word: string) => string,
): readonly string[] {
  const least = Math.max(minFigures, minShare * group.size);
  const scored = [...group.figures]
    .filter(([, figures]) => figures >= least)
    .map(([word, figures]) => ({ word, z: zScore(figures, all.figures.get(word) ?? figures, group, all) }))
    .filter(({ z }) => z > minZ)
    .sort((a, b) => b.z - a.z || (a.word < b.word ? -1 : 1));
  const stems = new Set<string>();
  const found: string[] = [];
  for (const { word } of scored) {
    const stem = stemOf(word);
    if (stems.has(stem)) continue;
    stems.add(stem);
    found.push(word);
    if (found.length === limit) break;
  }
  return found;
}

function zScore(inside: number, everywhere: number, group: WordCounts, all: WordCounts): number {
  const priorWords = Math.min(maxPriorWords, priorShare * all.total);
  const prior = (everywhere / Math.max(1, all.total)) * priorWords;
  const outside = Math.max(0, everywhere - inside);
  const oddsInside = (inside + prior) / Math.max(1, group.total + priorWords - inside - prior);
  const oddsOutside = (outside + prior) / Math.max(1, all.total - group.total + priorWords - outside - prior);
  return Math.log(oddsInside / oddsOutside) / Math.sqrt(1 / (inside + prior) + 1 / (outside + prior));
}
