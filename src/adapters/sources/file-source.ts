import path from 'node:path';
import type { SourceItem } from '../../domain/figure-record.js';
import { FigureSource } from '../../ports/figure-source.js';

export interface FileSourceParts {
  readonly isOfArticles: boolean;
  readonly read: () => AsyncIterable<SourceItem>;
  readonly count: () => Promise<number>;
}

/** Figures of a file or a folder. */
export class FileSource extends FigureSource {
  readonly input: string;
  readonly title: string;
  readonly isOfArticles: boolean;
  readonly isWhole = true;

  constructor(
    file: string,
    private readonly parts: FileSourceParts,
  ) {
    super();
    this.input = path.resolve(file);
    this.title = path.basename(file);
    this.isOfArticles = parts.isOfArticles;
  }

  count(): Promise<number> {
    return this.parts.count();
  }

  read(): AsyncIterable<SourceItem> {
    return this.parts.read();
  }
}
