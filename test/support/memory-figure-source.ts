import { Readable } from 'node:stream';
import type { SourceItem } from '../../src/domain/figure-record.js';
import { FigureSource } from '../../src/ports/figure-source.js';

/** Figures that are in memory. */
export class MemoryFigureSource extends FigureSource {
  readonly input = 'memory';
  readonly title = 'Figures in memory';
  readonly isOfArticles = false;
  readonly isWhole = true;

  constructor(private readonly items: readonly SourceItem[]) {
    super();
  }

  count(): Promise<number> {
    return Promise.resolve(this.items.length);
  }

  read(): AsyncIterable<SourceItem> {
    return Readable.from(this.items);
  }
}
