import { FigseekError } from '../../../domain/errors.js';
import type { ParquetFile } from './parquet-file.js';

/**
 * What columns are taken for, by their names (docs/sources.md lists them). Of several that fit, the first one that has a value
 * in the row counts.
 */
const roles = {
  id: ['id', 'image_id', 'subfigure_id', 'key', '__key__', 'pair_id', 'figure_id', 'uid'],
  image: [
    'image',
    'jpg',
    'jpeg',
    'png',
    'webp',
    'tif',
    'tiff',
    'gif',
    'avif',
    'img',
    'image_bytes',
    'bytes',
    'picture',
  ],
  path: ['image_path', 'file_name', 'filename', 'image_file_name', 'file_path', 'path'],
  caption: [
    ...['caption', 'sub_caption', 'subcaption', 'txt', 'text', 'image_caption', 'figure_caption', 'full_caption'],
    ...['main_caption', 'description'],
  ],
  label: ['figure_label', 'fig_label'],
  labels: [
    ...['labels', 'keywords', 'cui', 'cuis', 'image_primary_label', 'image_secondary_label', 'image_panel_type'],
    ...['image_panel_subtype', 'tags'],
  ],
  modality: ['modality'],
  mentions: ['image_context', 'mentions', 'references', 'reference_texts', 'in_text_references'],
  credit: ['credit', 'attribution', 'owner', 'photographer'],
  pmcid: ['pmcid', 'pmc_id', 'pmc', 'article_accession_id'],
  pmid: ['pmid', 'article_pmid'],
  doi: ['doi', 'article_doi'],
  title: ['article_title'],
  journal: ['journal', 'article_journal'],
  date: ['year', 'article_year', 'article_date', 'publication_date'],
  authors: ['authors', 'article_authors'],
  license: ['license', 'article_license', 'license_code', 'license_name', 'licence', 'license_type'],
  url: ['url', 'article_url', 'image_url'],
  status: ['status'],
  error: ['error_message'],
  json: ['json', 'jsonl'],
} as const;

type Role = keyof typeof roles;

const roleOfName: ReadonlyMap<string, Role> = new Map(
  Object.entries(roles).flatMap(([role, names]) => names.map((name) => [name, role as Role] as const)),
);

/** `PMC_ID`, `pmc-id` and `Pmc Id` are one name. */
function plainName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** The columns of a file that are read. */
export function knownColumns({ columns }: ParquetFile): readonly string[] {
  return columns.map(({ name }) => name).filter((name) => roleOfName.has(plainName(name)));
}

/** Whether a file has images, or paths of images. */
export function hasImages({ columns }: ParquetFile): boolean {
  return columns.some(({ name, kind }) => {
    const role = roleOfName.get(plainName(name));
    return kind !== 'other' && (role === 'image' || role === 'path');
  });
}

/** @returns BAD_USER_INPUT that names the columns */
export function imagesAbsent(name: string, { columns }: ParquetFile): FigseekError {
  const there = columns
    .map((column) => column.name)
    .join(', ')
    .slice(0, 1000);
  const expected = `expected a column of images (${roles.image.slice(0, 3).join(', ')}, …) or of their paths (${roles.path.slice(0, 3).join(', ')}, …)`;
  return new FigseekError('BAD_USER_INPUT', `${name}: ${expected} but found ${there}`);
}

/** Values of a row by what they are taken for; those that are null or blank are left out. */
export class RowFields {
  private readonly byName = new Map<string, unknown>();

  /** @param fields first those that others override */
  constructor(...fields: readonly Readonly<Record<string, unknown>>[]) {
    for (const one of fields)
      for (const [name, value] of Object.entries(one))
        if (value !== null && value !== undefined && value !== '') this.byName.set(plainName(name), value);
  }

  /** All values of a role, in the order of its names. */
  all(role: Role): readonly unknown[] {
    return roles[role].flatMap((name) => (this.byName.has(name) ? [this.byName.get(name)] : []));
  }
}
