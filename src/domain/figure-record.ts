import { z } from 'zod';
import { articleIdOrNull } from './article-ids.js';
import { sha256 } from './ids.js';

const text = z.string().max(100_000);

const article = z.object({
  pmcid: text.nullish(),
  pmid: text.nullish(),
  doi: text.nullish(),
  title: text.min(1),
  authors: z.array(text).nullish(),
  journal: text.nullish(),
  year: z.number().int().min(1500).max(2200).nullish(),
  license: text.nullish(),
  url: text.nullish(),
  retracted: z.boolean().nullish(),
});

const maxMm = 1_000_000;
const isDistance = (mm: unknown): boolean => typeof mm === 'number' && mm > 0 && mm <= maxMm;
const pixelSpacing = z.custom<readonly [number, number]>(
  (given) => Array.isArray(given) && given.length === 2 && given.every(isDistance),
  {
    error: ({ input }) => {
      const pair = `two numbers above 0 and at most ${maxMm}, the millimeters between rows and between columns`;
      return `Expected ${pair}, but received ${JSON.stringify(input).slice(0, 100)}`;
    },
  },
);

const fields = z.object({
  id: z.string().min(1).max(500),
  image: z.string().min(1).max(4096),
  caption: text.nullish(),
  alt: text.nullish(),
  credit: text.nullish(),
  label: text.nullish(),
  labels: z.array(text).max(1000).nullish(),
  mentions: z.array(text).max(1000).nullish(),
  modality: text.nullish(),
  license: text.nullish(),
  /** DICOM's Pixel Spacing (0028,0030) of the image as it lies in the file, before its orientation. */
  pixelSpacing: pixelSpacing.nullish(),
  article: article.nullish(),
  source: article.nullish(),
});

export const recordKeys: readonly string[] = Object.keys(fields.shape);
export const articleKeys: readonly string[] = Object.keys(article.shape);

/** One figure as a source gives it (docs/ingest.md); keys that are not known are left out (`unknownKeysOf` names them). */
export const recordSchema = fields
  // `source` is read as `article`.
  .transform(({ source, ...record }) => ({ ...record, article: record.article ?? source ?? null }));

export type IngestRecord = z.infer<typeof recordSchema>;
export type ArticleRecord = z.infer<typeof article>;

/** A key of a record that nothing reads: what stands there is left out. */
export interface UnknownKey {
  /** As `captoin`, or `article.volume`. */
  readonly key: string;
  /** The known key that was probably meant. */
  readonly meant: string | null;
}

/** A record with its image bytes at hand, or the reason why there is none. */
export type SourceItem =
  | {
      readonly kind: 'record';
      readonly record: IngestRecord;
      /** Bytes of the image as it lies there; 0 where that is not known before it is read. */
      readonly size: number;
      readonly readImage: () => Promise<Uint8Array>;
      /** Keys of what was read that are left out. */
      readonly unknownKeys?: readonly UnknownKey[];
    }
  /** What lies in the source and is no record: a file of another kind, a folder of another program. */
  | { readonly kind: 'left-out'; readonly sourceKey: string; readonly reason: string }
  | { readonly kind: 'fault'; readonly sourceKey: string; readonly code: string; readonly message: string };

/**
 * What identifies an article: its PMC id, DOI or PMID where it has one, else title, journal and year.
 */
export function articleKeyOf(given: ArticleRecord): string {
  const pmcid = articleIdOrNull('pmcid', given.pmcid);
  if (pmcid !== null) return `pmcid:${pmcid}`;
  const doi = articleIdOrNull('doi', given.doi);
  if (doi !== null) return `doi:${doi}`;
  const pmid = articleIdOrNull('pmid', given.pmid);
  if (pmid !== null) return `pmid:${pmid}`;
  return `title:${given.title}|${given.journal ?? ''}|${given.year ?? ''}`;
}

/** Hash over all that is kept of a record and its image: equal means that nothing has to be done. */
export function recordHashOf(record: IngestRecord, imageHash: string): string {
  return sha256(JSON.stringify([record, imageHash]));
}
