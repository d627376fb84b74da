import { z } from 'zod';
import { articleIdOrNull } from './article-ids.js';
import type { Box } from './figure.js';
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
  licenseText: text.nullish(),
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

const maxPanels = 100;

/** What came in place of what was expected, in a few words. */
function received(input: unknown): string {
  if (input === undefined) return 'nothing';
  return Array.isArray(input) && input.length > 4 ? `an array of ${input.length}` : JSON.stringify(input).slice(0, 100);
}

const wholePixels = (min: number) =>
  z.custom<number>((given) => typeof given === 'number' && Number.isSafeInteger(given) && given >= min, {
    error: ({ input }) => `Expected a whole number of pixels, at least ${min}, but received ${received(input)}`,
  });

const box = z.object(
  { x: wholePixels(0), y: wholePixels(0), width: wholePixels(1), height: wholePixels(1) },
  { error: ({ input }) => `Expected a box as {"x", "y", "width", "height"} but received ${received(input)}` },
);

const panelText = z.string({ error: ({ input }) => `Expected a text but received ${received(input)}` }).max(100_000);

const panel = z.object(
  {
    label: panelText.nullish(),
    /** Pixels of the image as it is shown, after its orientation. */
    box,
    caption: panelText.nullish(),
  },
  { error: ({ input }) => `Expected a panel as {"label", "box", "caption"} but received ${received(input)}` },
);

export const panelsSchema = z
  .array(panel, { error: ({ input }) => `Expected an array of panels but received ${received(input)}` })
  .max(maxPanels, {
    error: ({ input }) => `Expected at most ${maxPanels} panels but received ${received(input)}`,
  });

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
  licenseText: text.nullish(),
  /** DICOM's Pixel Spacing (0028,0030) of the image as it lies in the file, before its orientation. */
  pixelSpacing: pixelSpacing.nullish(),
  /** Values of the original that are black and white in the image, where a source made it of other numbers. */
  valueRange: z.object({ low: z.number(), high: z.number() }).nullish(),
  article: article.nullish(),
  source: article.nullish(),
  /** Parts of the image with their own captions, beside the whole figure. */
  panels: panelsSchema.nullish(),
});

export const recordKeys: readonly string[] = Object.keys(fields.shape);
export const articleKeys: readonly string[] = Object.keys(article.shape);
export const panelKeys: readonly string[] = Object.keys(panel.shape);
export const boxKeys: readonly string[] = Object.keys(box.shape);

/** One figure as a source gives it (docs/ingest.md); keys that are not known are left out (`findUnknownKeys` names them). */
export const recordSchema = fields
  // `source` is read as `article`.
  .transform(({ source, panels: given, ...record }) => ({
    ...record,
    article: record.article ?? source ?? null,
    // A record without panels has no such key: its hash is that of a record from before there were panels.
    ...(given == null || given.length === 0 ? {} : { panels: given }),
  }));

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
      /** Whether other records may be in the image file: they are missed too where it cannot be read. */
      readonly mayHoldOthers?: boolean;
      /** Whether the source gives further pages of the image as items of their own, and tells of those that it leaves out. */
      readonly arePagesTold?: boolean;
      /** Keys of what was read that are left out. */
      readonly unknownKeys?: readonly UnknownKey[];
    }
  /** What lies in the source and is no record: a file of another kind, a folder of another program. */
  | { readonly kind: 'left-out'; readonly sourceKey: string; readonly reason: string }
  | { readonly kind: 'fault'; readonly sourceKey: string; readonly code: string; readonly message: string };

/**
 * What identifies an article: its PMC id, DOI or PMID where it has one, else title, journal and year.
 */
export function buildArticleKey(given: ArticleRecord): string {
  const pmcid = articleIdOrNull('pmcid', given.pmcid);
  if (pmcid !== null) return `pmcid:${pmcid}`;
  const doi = articleIdOrNull('doi', given.doi);
  if (doi !== null) return `doi:${doi}`;
  const pmid = articleIdOrNull('pmid', given.pmid);
  if (pmid !== null) return `pmid:${pmid}`;
  return `title:${given.title}|${given.journal ?? ''}|${given.year ?? ''}`;
}

/**
 * What is wrong with the panels of a record, now that the size of its image is known.
 * @param image width and height in pixels, as the image is shown
 * @returns null where every box lies within the image
 */
export function findPanelFault(
  { panels: given = [] }: Pick<IngestRecord, 'panels'>,
  image: Pick<Box, 'width' | 'height'>,
): string | null {
  const place = given.findIndex((one) => !isWithin(one.box, image));
  const wrong = given[place]?.box;
  if (wrong === undefined) return null;
  const { x, y, width, height } = wrong;
  const size = `${image.width} × ${image.height} pixels`;
  return `panels.${place}.box: Expected a box within the image of ${size}, after its orientation, but received x ${x}, y ${y}, width ${width}, height ${height}`;
}

function isWithin({ x, y, width, height }: Box, image: Pick<Box, 'width' | 'height'>): boolean {
  return x + width <= image.width && y + height <= image.height;
}

/**
 * Hash over all that is kept of a record and its image: equal means that nothing has to be done.
 * @param rule what else decides what is stored, as the rule by which its panels are found
 */
export function hashRecord(record: IngestRecord, imageHash: string, rule?: string): string {
  return sha256(JSON.stringify(rule === undefined ? [record, imageHash] : [record, imageHash, rule]));
}
