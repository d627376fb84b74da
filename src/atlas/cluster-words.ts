import { evenlyChosen } from '../domain/evenly-chosen.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { stemmer } from 'stemmer';
import { noCluster } from '../domain/atlas.js';
import { distinctiveWords, type WordCounts } from '../domain/distinctive-words.js';
import { analyzeText } from '../domain/text/analyze-text.js';
import { isStopWord } from '../domain/text/stop-words.js';
import type { FigureAttributes } from '../ports/figure-attributes.js';

const wordsOfCluster = 3;
const captionsAtOnce = 50;
const minWordLength = 3;
const maxWordLength = 30;
/** Of a caption, the beginning counts: what a figure shows is said first. */
const maxCaptionLength = 2000;
/** So many figures of a cluster are read, spread evenly. */
const maxFiguresOfCluster = 2000;
/** Different words that are counted; later ones are passed over. */
const maxWords = 200_000;

/** Words of figures, being counted. */
class WordCounter {
  readonly figures = new Map<string, number>();
  total = 0;
  size = 0;

  add(words: ReadonlySet<string>): void {
    this.size++;
    for (const word of words) {
      const before = this.figures.get(word);
      if (before === undefined && this.figures.size >= maxWords) continue;
      this.figures.set(word, (before ?? 0) + 1);
      this.total++;
    }
  }
}

/**
 * The words of captions that tell each cluster from the rest of the map.
 * @param figures number of the figure of each point
 * @param cluster of each point
 * @param count of clusters
 */
export async function labelClusters(
  attributes: Pick<FigureAttributes, 'captions'>,
  points: { readonly figures: Uint32Array; readonly cluster: Uint16Array; readonly count: number },
  signal: AbortSignal,
): Promise<readonly (readonly string[])[]> {
  const counters = Array.from({ length: points.count }, () => new WordCounter());
  const all = new WordCounter();
  const sample = sampleByCluster(points);
  for (let from = 0; from < sample.length; from += captionsAtOnce) {
    signal.throwIfAborted();
    const part = sample.slice(from, from + captionsAtOnce);
    const captions = await attributes.captions(part.map(({ figure }) => figure));
    for (const { figure, cluster } of part) {
      const caption = captions.get(figure);
      if (caption === undefined) continue;
      const words = captionWords(caption);
      counters[cluster]?.add(words);
      all.add(words);
    }
    await nextTurn();
  }
  return counters.map((counter) => distinctiveWords(toCounts(counter), toCounts(all), wordsOfCluster, stemmer));
}

/** Its words, each once, in small letters; numbers and single letters are none. */
function captionWords(caption: string): ReadonlySet<string> {
  const text = caption.slice(0, maxCaptionLength);
  const words = new Set<string>();
  for (const group of analyzeText(text)) {
    for (const { start, end } of group.words) {
      const word = text.slice(start, end).toLowerCase();
      const isWord =
        word.length >= minWordLength && word.length <= maxWordLength && /^\p{L}[\p{L}\p{M}\p{N}]*$/u.test(word);
      if (isWord && !isStopWord(word) && !commonWords.has(word)) words.add(word);
    }
  }
  return words;
}

/** Words of captions that say nothing about what is shown. */
const commonWords: ReadonlySet<string> = new Set(
  'figure figures fig panel panels image images seen shown shows show showing see using used left right upper lower top bottom both between after before during with without each all not are were has have had can our these those their which its also than then when where while one two three'.split(
    ' ',
  ),
);

interface SampledFigure {
  readonly figure: number;
  readonly cluster: number;
}

function sampleByCluster({
  figures,
  cluster,
  count,
}: {
  readonly figures: Uint32Array;
  readonly cluster: Uint16Array;
  readonly count: number;
}): readonly SampledFigure[] {
  const members = Array.from({ length: count }, (): number[] => []);
  cluster.forEach((number, row) => {
    if (number !== noCluster) members[number]?.push(figures[row] ?? 0);
  });
  return members.flatMap((own, number) =>
    evenlyChosen(own.length, maxFiguresOfCluster).map((at) => ({ figure: own[at] ?? 0, cluster: number })),
  );
}

function toCounts({ figures, total, size }: WordCounter): WordCounts {
  return { figures, total, size };
}
