import { CitationKeys, formatCitation, type CitationFormat } from '../../domain/citation.js';
import type { Collection } from '../../domain/collection.js';
import { buildSourceUrl } from '../../domain/figure.js';
import { csvLines } from '../../platform/csv-lines.js';
import type { ExportedFigure } from './exported-figure.js';

type Pages = AsyncIterable<readonly ExportedFigure[]>;

/** Records as `figseek ingest` takes them, one a line, with what the collection says of each under keys that it leaves out. */
export async function* jsonLines(pages: Pages): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((one) => `${JSON.stringify(toRecord(one))}\n`).join('');
}

function toRecord({ item, figure, article, panels, file, attribution }: ExportedFigure): object {
  const { caption, alt, credit, label, labels, mentions, modality, license, licenseText } = figure;
  const parts = panels.slice(1).map((panel) => ({ label: panel.label, box: panel.box, caption: panel.caption }));
  return {
    ...{ id: figure.id, image: file, caption, alt, credit, label, labels, mentions, modality, license, licenseText },
    ...(parts.length === 0 ? {} : { panels: parts }),
    article: article && { ...article, id: undefined },
    ...{ sourceName: figure.source, sourceKey: figure.sourceKey, attribution },
    sourceUrl: buildSourceUrl(figure, article),
    shownPixelSpacing: figure.pixelSpacing,
    ...{ note: item.note, tags: item.tags, rating: item.rating, addedAt: item.addedAt },
  };
}

const columns: readonly (readonly [name: string, of: (one: ExportedFigure) => string | number | null])[] = [
  ['figureId', ({ figure }) => figure.id],
  ['sourceName', ({ figure }) => figure.source],
  ['sourceKey', ({ figure }) => figure.sourceKey],
  ['image', ({ file }) => file],
  ['width', ({ figure }) => figure.width],
  ['height', ({ figure }) => figure.height],
  ['label', ({ figure }) => figure.label],
  ['caption', ({ figure }) => figure.caption],
  ['labels', ({ figure }) => figure.labels.join('; ')],
  ['modality', ({ figure }) => figure.modality],
  ['license', ({ figure, article }) => figure.license ?? article?.license ?? null],
  ['attribution', ({ attribution }) => attribution],
  ['sourceUrl', ({ figure, article }) => buildSourceUrl(figure, article)],
  ['note', ({ item }) => item.note],
  ['tags', ({ item }) => item.tags.join('; ')],
  ['rating', ({ item }) => item.rating],
  ['addedAt', ({ item }) => item.addedAt.toISOString()],
  ['articleTitle', ({ article }) => article?.title ?? null],
  ['authors', ({ article }) => article?.authors.join('; ') ?? null],
  ['journal', ({ article }) => article?.journal ?? null],
  ['year', ({ article }) => article?.year ?? null],
  ['doi', ({ article }) => article?.doi ?? null],
  ['pmcid', ({ article }) => article?.pmcid ?? null],
  ['pmid', ({ article }) => article?.pmid ?? null],
];

/** A table with a header; a byte order mark tells spreadsheets that it is UTF-8. */
export async function* csvTable(pages: Pages): AsyncGenerator<string> {
  yield `\ufeff${csvLines([columns.map(([name]) => name)])}`;
  for await (const page of pages) yield csvLines(page.map((one) => columns.map(([, of]) => of(one))));
}

/** The articles of the figures, each once, in the order of the figures. */
export async function* bibliography(pages: Pages, format: CitationFormat): AsyncGenerator<string> {
  const keys = new CitationKeys();
  const seen = new Set<string>();
  if (format === 'CSL_JSON') yield '[';
  for await (const page of pages) {
    for (const { article } of page) {
      if (article === null || seen.has(article.id)) continue;
      if (format === 'CSL_JSON' && seen.size > 0) yield ',\n';
      seen.add(article.id);
      yield formatCitation(article, format, keys.next(article));
    }
  }
  if (format === 'CSL_JSON') yield ']\n';
}

/** Whom each image is to be attributed to, for people. */
export async function* attributionText(pages: Pages, { name, description }: Collection): AsyncGenerator<string> {
  const oneLine = (text: string) => text.replace(/\s+/g, ' ');
  yield `Figures of the collection “${oneLine(name)}”\n`;
  if (description !== null) yield `${oneLine(description)}\n`;
  yield 'Each figure has the license that stands beside it. Where none is known, ask the rights holder.\n';
  for await (const page of pages) {
    for (const { figure, article, file, attribution } of page) {
      const url = buildSourceUrl(figure, article);
      const lines = [file ?? `${figure.id} (its image file is missing)`, attribution, ...(url === null ? [] : [url])];
      yield `\n${lines.map(oneLine).join('\n')}\n`;
    }
  }
}
