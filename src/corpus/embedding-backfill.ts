import { FigseekError } from '../domain/errors.js';
import type { BackfilledEmbedding, UnembeddedPanel } from '../domain/embedding.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { EmbeddingStore } from '../ports/embedding-store.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageReader } from '../ports/image-reader.js';
import { embedPanels } from './embed-panels.js';

/** Panels of a batch. */
const batchSize = 32;

/** A figure with a panel that could not be embedded, and why. */
interface EmbedFailure {
  readonly sourceKey: string;
  readonly message: string;
}

export interface BackfillReport {
  /** Figures of which at least one panel was embedded now. */
  readonly embedded: number;
  /** One for each figure. */
  readonly failures: readonly EmbedFailure[];
}

interface ReadPanel extends UnembeddedPanel {
  /** uint8 [size, size, 3] */
  readonly pixels: Uint8Array;
}

/** A panel that could not be read. */
interface UnreadPanel extends UnembeddedPanel {
  readonly message: string;
}

interface Batch {
  readonly read: readonly ReadPanel[];
  readonly unread: readonly UnreadPanel[];
  readonly last: number;
}

/** Counts of a run while it goes on. The panels of a figure follow one another, so that each figure is counted once. */
class Tally {
  panels = 0;
  embedded = 0;
  readonly failures: EmbedFailure[] = [];
  private lastEmbedded: string | null = null;
  private lastFailed: string | null = null;

  add({ read, unread }: Batch): void {
    this.panels += read.length;
    for (const { panel } of read) {
      if (panel.figureId !== this.lastEmbedded) this.embedded += 1;
      this.lastEmbedded = panel.figureId;
    }
    for (const { panel, sourceKey, message } of unread) {
      if (panel.figureId !== this.lastFailed) this.failures.push({ sourceKey, message });
      this.lastFailed = panel.figureId;
    }
  }

  get report(): BackfillReport {
    const { embedded, failures } = this;
    return { embedded, failures };
  }
}

/** Embeds by another model the panels that are stored already, beside the vectors that are served; safe to stop and run again. */
export class EmbeddingBackfill {
  constructor(
    private readonly encoder: Encoder,
    private readonly blobs: BlobStore,
    private readonly embeddings: Pick<
      EmbeddingStore,
      'listPanelsMissingEmbedding' | 'countPanelsMissingEmbedding' | 'add'
    >,
    private readonly reader: ImageReader,
  ) {}

  /**
   * Goes through the whole corpus; a figure whose image is missing or damaged is reported, and the others go on.
   * @param onProgress panels that were embedded, of those that had no image vector
   */
  async run(onProgress: (done: number, total: number) => void): Promise<BackfillReport> {
    const tally = new Tally();
    const total = await this.embeddings.countPanelsMissingEmbedding(this.encoder.model.version);
    if (total === 0) return tally.report;
    let next = this.readBatch(0);
    for (;;) {
      const batch = await next;
      if (batch === null) return tally.report;
      // The next batch is decoded while this one is embedded.
      next = this.readBatch(batch.last);
      next.catch(() => undefined);
      if (batch.read.length > 0) await this.embeddings.add(await this.embed(batch.read));
      tally.add(batch);
      onProgress(tally.panels, total);
    }
  }

  /** What comes after the panel numbered `last`; null where nothing does. */
  private async readBatch(last: number): Promise<Batch | null> {
    const rows = await this.embeddings.listPanelsMissingEmbedding(this.encoder.model.version, last, batchSize);
    const end = rows.at(-1);
    if (end === undefined) return null;
    const outcomes = (await Promise.all(byFigure(rows).map((panels) => this.readPanels(panels)))).flat();
    return {
      read: outcomes.filter((one) => 'pixels' in one),
      unread: outcomes.filter((one) => 'message' in one),
      last: end.seq,
    };
  }

  /** @param panels of one figure: its image is decoded once */
  private async readPanels(panels: readonly UnembeddedPanel[]): Promise<readonly (ReadPanel | UnreadPanel)[]> {
    const [first] = panels;
    if (first === undefined) return [];
    try {
      const boxes = panels.map(({ panel: { box } }) => ({ box }));
      const file = this.blobs.fileOf(first.imageHash);
      const { parts } = await this.reader.readParts(file, this.encoder.model.preparation, 'bulk', boxes);
      return panels.map((panel, place) => ({ ...panel, pixels: parts[place] ?? new Uint8Array() }));
    } catch (error) {
      // It ends the run, which can be run again: the next image could not be read either.
      if (!(error instanceof FigseekError) || error.code === 'MODEL_UNAVAILABLE') throw error;
      return panels.map((panel) => ({ ...panel, message: error.message }));
    }
  }

  private async embed(rows: readonly ReadPanel[]): Promise<readonly BackfilledEmbedding[]> {
    const embeddings = await embedPanels(
      this.encoder,
      rows.map(({ panel }) => panel),
      rows.map(({ pixels }) => pixels),
    );
    return rows.flatMap(({ panel, revision }) =>
      (embeddings.get(panel.id) ?? []).map((embedding) => ({ ...embedding, revision })),
    );
  }
}

/** Cuts a list where another figure begins. */
function byFigure(rows: readonly UnembeddedPanel[]): readonly (readonly UnembeddedPanel[])[] {
  const figures: UnembeddedPanel[][] = [];
  for (const row of rows) {
    const last = figures.at(-1);
    if (last?.[0]?.panel.figureId === row.panel.figureId) last.push(row);
    else figures.push([row]);
  }
  return figures;
}
