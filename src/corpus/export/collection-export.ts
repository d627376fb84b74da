import { unknownCollection, type Collection } from '../../domain/collection.js';
import { FigseekError } from '../../domain/errors.js';
import type { Figure } from '../../domain/figure.js';
import type { Viewer } from '../../domain/viewer.js';
import { zipStream, type ArchivedFile } from '../../platform/zip-stream.js';
import { cocoDocument } from './coco-format.js';
import { exportedPages, safeName, type ExportStores } from './exported-figure.js';
import { attributionText, bibliography, csvTable, jsonLines } from './text-formats.js';

/** Each format with the end of its files' names and its media type. */
const formats = {
  jsonl: ['jsonl', 'application/x-ndjson; charset=utf-8'],
  csv: ['csv', 'text/csv; charset=utf-8'],
  coco: ['coco.json', 'application/json; charset=utf-8'],
  bibtex: ['bib', 'application/x-bibtex; charset=utf-8'],
  ris: ['ris', 'application/x-research-info-systems; charset=utf-8'],
  'csl-json': ['csl.json', 'application/vnd.citationstyles.csl+json; charset=utf-8'],
  zip: ['zip', 'application/zip'],
} as const;

export type ExportFormat = keyof typeof formats;
export const exportFormats = Object.keys(formats) as readonly ExportFormat[];

/** A file that is made while it is read. */
export interface ExportedFile {
  /** Letters, digits, `-`, `_` and full stops. */
  readonly name: string;
  readonly mediaType: string;
  readonly chunks: AsyncIterable<string | Uint8Array>;
}

/** Writes a collection in the formats that other programs read (docs/curation.md), a page of its members in memory at a time. */
export class CollectionExport {
  constructor(private readonly stores: ExportStores) {}

  /**
   * @param format one of `exportFormats`
   * @throws {FigseekError} NOT_FOUND; BAD_USER_INPUT for another format. What stores throw while the file is read ends it.
   */
  async open(_viewer: Viewer, collectionId: string, format: string): Promise<ExportedFile> {
    const known = exportFormats.find((one) => one === format);
    if (known === undefined) {
      const names = exportFormats.join(', ');
      throw new FigseekError(
        'BAD_USER_INPUT',
        `Expected one of ${names} as the format but received ${format.slice(0, 40)}`,
      );
    }
    const [collection] = (await this.stores.collections.byIds([collectionId])).values();
    if (collection === undefined) throw unknownCollection(collectionId);
    const [ending, mediaType] = formats[known];
    return {
      name: `${safeName(collection.name) || 'collection'}.${ending}`,
      mediaType,
      chunks: this.write(collection, known),
    };
  }

  private write(collection: Collection, format: ExportFormat): AsyncIterable<string | Uint8Array> {
    const pages = () => exportedPages(this.stores, collection.id);
    switch (format) {
      case 'jsonl':
        return jsonLines(pages());
      case 'csv':
        return csvTable(pages());
      case 'coco':
        return cocoDocument(pages, this.stores);
      case 'bibtex':
        return bibliography(pages(), 'BIBTEX');
      case 'ris':
        return bibliography(pages(), 'RIS');
      case 'csl-json':
        return bibliography(pages(), 'CSL_JSON');
      case 'zip':
        return zipStream(this.archive(collection));
    }
  }

  /** The images with records that `figseek ingest` takes, and whom they are to be attributed to. */
  private async *archive(collection: Collection): AsyncGenerator<ArchivedFile> {
    const pages = () => exportedPages(this.stores, collection.id);
    const texts = {
      'ATTRIBUTION.txt': () => attributionText(pages(), collection),
      'figures.jsonl': () => jsonLines(pages()),
    };
    for (const [name, content] of Object.entries(texts)) yield { name, isCompressed: true, content };
    for await (const page of pages()) {
      for (const { file, figure } of page) {
        if (file !== null) yield { name: file, isCompressed: false, content: () => this.image(figure) };
      }
    }
  }

  private async *image({ imageHash }: Figure): AsyncGenerator<Uint8Array> {
    yield await this.stores.blobs.get(imageHash);
  }
}
