import { licenseOfText } from '../../../domain/license.js';
import { modalityOfConcepts } from '../concept-modality.js';
import { imageBytes, textOf, type ParquetValues } from './parquet-values.js';
import { RowFields } from './parquet-columns.js';

/** A row as a record without its id and image. */
export interface RowRecord {
  readonly id: string | null;
  /** Bytes, or a path. */
  readonly image: Uint8Array | string | null;
  readonly record: Readonly<Record<string, unknown>>;
  /** Why there is no image, where the row says so. */
  readonly failure: string | null;
}

/** Reads a row by the names of its columns; a column `json` gives further values. */
export function readRow(values: ParquetValues): RowRecord {
  const own = new RowFields(values);
  const fields = new RowFields(...own.all('json').map(objectOf), values);
  const status = firstText(fields.all('status')) ?? 'success';
  const labels = fields.all('labels').flatMap(listOf);
  const record = {
    caption: firstText(fields.all('caption')),
    label: firstText(fields.all('label')),
    labels,
    mentions: fields.all('mentions').flatMap(nestedTexts),
    modality: firstText(fields.all('modality')) ?? modalityOfConcepts(labels),
    credit: firstText(fields.all('credit')),
    ...articleOf(fields),
  };
  return {
    id: firstText(fields.all('id')),
    image: imageOf(fields),
    record,
    failure: status === 'success' ? null : (firstText(fields.all('error')) ?? status),
  };
}

function imageOf(fields: RowFields): Uint8Array | string | null {
  for (const value of fields.all('image')) {
    if (value instanceof Uint8Array && value.length > 0) return value;
    if (typeof value === 'string') return value;
    const bytes = imageBytes(value);
    if (bytes !== null && bytes.length > 0) return bytes;
    const place = typeof value === 'object' && value !== null && 'path' in value ? textOf(value.path) : null;
    if (place !== null && place !== '') return place;
  }
  return firstText(fields.all('path'));
}

/** The article where the row names one; else the license and address of the figure. */
function articleOf(fields: RowFields): Readonly<Record<string, unknown>> {
  const of = (role: Parameters<RowFields['all']>[0]) => firstText(fields.all(role));
  const words = of('license');
  const license = words === null ? null : licenseOfText(words);
  const [pmcid, pmid, doi] = [of('pmcid'), of('pmid'), of('doi')];
  const title = of('title') ?? pmcid ?? doi ?? pmid;
  if (title === null) return { license, licenseText: words };
  const year = Number(/\b(?:19|20)\d{2}\b/.exec(of('date') ?? '')?.[0] ?? 0);
  const authors = fields.all('authors').flatMap(listOf);
  const ids = { title, pmcid, pmid, doi, journal: of('journal'), url: of('url'), authors };
  return { article: { ...ids, year: year === 0 ? null : year, license, licenseText: words } };
}

function firstText(values: readonly unknown[]): string | null {
  for (const value of values) {
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    const text = (Array.isArray(value) ? textOf(value[0]) : textOf(value))?.trim() ?? '';
    if (text !== '') return text;
  }
  return null;
}

/** An array of texts, or a text with `;` between them. */
function listOf(value: unknown): readonly string[] {
  const parts: readonly unknown[] = Array.isArray(value) ? value : (textOf(value)?.split(';') ?? []);
  return parts.flatMap((part) => textOf(part)?.trim() ?? []).filter((part) => part !== '');
}

/** Texts in arrays and objects: BIOMEDICA keeps mentions by the id of their image. */
function nestedTexts(value: unknown): readonly string[] {
  const text = textOf(value)?.trim();
  if (text !== undefined) return text === '' ? [] : [text];
  if (Array.isArray(value)) return value.flatMap(nestedTexts);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(nestedTexts) : [];
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
    return value as Readonly<Record<string, unknown>>;
  try {
    const parsed: unknown = JSON.parse(textOf(value) ?? 'null');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {};
  } catch {
    // The other columns say enough; where they do not, the record is refused.
    return {};
  }
}
