import { z } from 'zod';
import { licenseOfWords } from '../../../domain/license.js';

/** A form in which others write figures as JSON, and how its values become records. */
export interface RecordDialect {
  readonly name: string;
  /** Whether a value is of this form. */
  readonly fits: (value: unknown) => boolean;
  /** The figures of a value: records as docs/ingest.md describes them, each with the places where its image may lie. */
  readonly records: (value: unknown) => readonly DialectRecord[];
}

export interface DialectRecord {
  readonly record: Readonly<Record<string, unknown>>;
  /** Paths below the folder of the file, the usual one first. */
  readonly images: readonly string[];
}

const text = z.string().nullish();
const textOrNumber = z.union([z.string(), z.number()]).nullish();

const medicat = z.object({
  pdf_hash: z.string().min(1),
  fig_uri: z.string().min(1),
  s2_caption: text,
  s2orc_caption: text,
  s2orc_references: z.array(z.string()).nullish(),
  radiology: z.boolean().nullish(),
  predicted_type: text,
  oa_info: z.object({ doi: text, doi_url: text, oa: z.object({ license: text }).nullish() }).nullish(),
});

const pmcOa = z.object({ image: z.string().min(1), caption: text, pmcid: z.string().min(1), url_name: text });

const pipelineArticle = z.object({
  pmid: textOrNumber,
  pmc: textOrNumber,
  figures: z.array(z.object({ fig_caption: text, fig_id: text, fig_label: text, graphic_ref: text, pair_id: text })),
});

/** The folder that the pipeline unpacks articles into, which the paths in its output run through. */
const pipelineFolder = 'pubmed_open_access_files';

export const recordDialects: readonly RecordDialect[] = [
  {
    // Subramanian et al., Findings of EMNLP 2020.
    name: 'medicat',
    fits: (value) => medicat.safeParse(value).success,
    records: (value) => {
      const given = medicat.parse(value);
      const id = `${given.pdf_hash}_${given.fig_uri}`;
      const { doi, doi_url: url, oa } = given.oa_info ?? {};
      const license = oa?.license ?? null;
      const record = {
        id,
        image: id,
        caption: given.s2orc_caption ?? given.s2_caption,
        mentions: given.s2orc_references,
        labels: given.predicted_type == null ? null : [given.predicted_type],
        modality: given.radiology === true ? 'radiology' : null,
        // The set names no titles.
        article: doi == null ? null : { doi, title: doi, url, ...licenseOf(license) },
      };
      return [{ record, images: [`figures/${id}`, id, `release/figures/${id}`] }];
    },
  },
  {
    // microsoft/BiomedCLIP_data_pipeline: an article a line.
    name: 'biomedclip-pipeline',
    fits: (value) => {
      const parsed = pipelineArticle.safeParse(value);
      return parsed.success && (parsed.data.pmid ?? parsed.data.pmc) != null;
    },
    records: (value) => {
      const { pmid, pmc, figures } = pipelineArticle.parse(value);
      const pmcid = pmc == null || pmc === '' ? null : `PMC${String(pmc).replace(/^PMC/i, '')}`;
      const [own] = [pmcid, pmid].filter((id) => id != null && id !== '');
      const article = { pmid: pmid == null || pmid === '' ? null : String(pmid), pmcid, title: String(own) };
      return figures.map((figure) => {
        const id = figure.pair_id ?? `${String(own)}_${figure.fig_id ?? ''}`;
        const image = figure.graphic_ref ?? '';
        const record = { id, image, caption: figure.fig_caption, label: figure.fig_label, article };
        return { record, images: placesOf(image) };
      });
    },
  },
  {
    // Lin et al., MICCAI 2023: a panel a line.
    name: 'pmc-oa',
    fits: (value) => pmcOa.safeParse(value).success && !hasId(value),
    records: (value) => {
      const { image, caption, pmcid, url_name: name } = pmcOa.parse(value);
      const record = { id: image, image, caption, label: name, article: { pmcid, title: pmcid } };
      return [{ record, images: [image, `images/${image}`, `caption_T060_filtered_top4_sep_v0_subfigures/${image}`] }];
    },
  },
];

function hasId(value: unknown): boolean {
  return z.object({ id: z.string() }).safeParse(value).success;
}

function licenseOf(words: string | null) {
  return { license: words === null ? null : licenseOfWords(words), licenseText: words };
}

/** The pipeline writes paths of its own machine. */
function placesOf(image: string): readonly string[] {
  const parts = image.split(/[\\/]/).filter((part) => part !== '');
  const own = parts.slice(parts.lastIndexOf(pipelineFolder) + 1);
  const short = own.length === parts.length ? own.slice(-2) : own;
  return [`${pipelineFolder}/${short.join('/')}`, short.join('/'), short.at(-1) ?? image];
}
