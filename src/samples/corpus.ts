import type { RawImage } from '../domain/raw-image.js';
import { blotKinds } from './blots.js';
import { electronKinds } from './electron.js';
import { bloodKinds } from './blood.js';
import { tissueKinds } from './tissue.js';
import { chestKinds } from './chest.js';
import { radiographKinds } from './radiographs.js';
import { fundusKinds } from './fundus.js';
import { octKinds } from './oct.js';
import { skinKinds } from './skin.js';
import { trunkKinds } from './trunk.js';
import { ultrasoundKinds } from './ultrasound.js';
import { plotKinds } from './plots.js';
import { cytometryKinds } from './cytometry.js';
import { articleFor, type SampleArticle } from './articles.js';
import { brainKinds } from './brain.js';
import { chartKinds } from './charts.js';
import type { DrawnFigure, FigureKind } from './kind.js';
import { multiPanel } from './panels.js';
import { Random } from './random.js';
import { signalKinds } from './signals.js';

/** One drawn figure with its words; nothing is drawn before `draw` is called. */
export interface SampleRecord {
  readonly id: string;
  readonly caption: string;
  /** “Figure 3”: its place in the article. */
  readonly label: string;
  /** The kind's name, then its attributes. */
  readonly labels: string[];
  readonly license: string;
  readonly modality: string;
  readonly article: SampleArticle;
  /** The same pixels on every call and on every machine. */
  readonly draw: () => RawImage;
  /** The same drawing, with the true masks of its named objects. */
  drawWithMasks(): DrawnFigure;
}

export interface CorpusOptions {
  /** Another seed draws other figures. */
  readonly seed?: number;
  readonly count?: number;
}

const singleKinds: readonly FigureKind[] = [
  ...chestKinds,
  ...radiographKinds,
  ...brainKinds,
  ...trunkKinds,
  ...ultrasoundKinds,
  ...fundusKinds,
  ...skinKinds,
  ...octKinds,
  ...bloodKinds,
  ...tissueKinds,
  ...blotKinds,
  ...electronKinds,
  ...chartKinds,
  ...plotKinds,
  ...cytometryKinds,
  ...signalKinds,
];

/** Every kind of figure that the corpus draws. */
export const figureKinds: readonly FigureKind[] = [...singleKinds, multiPanel(singleKinds)];

/**
 * Made-up figures, drawn by code, for trying the software without any data: every kind in turn, grouped into made-up
 * articles of four to eight figures.
 */
export function sampleCorpus({ seed = 1, count = 360 }: CorpusOptions = {}): SampleRecord[] {
  const records: SampleRecord[] = [];
  const order = new Random(`corpus ${seed}`);
  let round: FigureKind[] = [];
  while (records.length < count) {
    const article = articleFor(new Random(`article ${seed} ${records.length}`), `${seed}-${records.length}`);
    const size = Math.min(order.whole(4, 8), count - records.length);
    for (let figure = 1; figure <= size; figure++) {
      if (round.length === 0) round = order.shuffled(figureKinds);
      const kind = round.pop();
      if (kind !== undefined) records.push(recordOf(kind, `drawn-${seed}-${records.length}`, figure, article));
    }
  }
  return records;
}

function recordOf(kind: FigureKind, id: string, figure: number, article: SampleArticle): SampleRecord {
  const sketch = kind.sketch(new Random(id));
  return {
    id,
    caption: sketch.caption,
    label: `Figure ${figure}`,
    labels: [kind.name, ...sketch.labels],
    license: article.license,
    modality: kind.modality,
    article,
    draw: () => sketch.draw().image,
    drawWithMasks: () => sketch.draw(),
  };
}
