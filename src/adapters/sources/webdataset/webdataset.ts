import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { decodeText } from '../../../domain/decode-text.js';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { issuesInWords } from '../../../domain/issues.js';
import { licenseOfWords } from '../../../domain/license.js';
import { numbered } from '../../../domain/numbered.js';
import { detectImageKind, foreignFile } from '../file-name-kinds.js';
import { faultItem, faultOf, recordItem } from '../source-items.js';
import { isTarName, readEntry, tarEntries, withoutTarSuffix } from '../tar-entries.js';

/** Entries of an archive, and archives of a folder, that are looked at to say whether these are shards. */
const maxLookedAt = 20;

const text = z.string().nullish();

/** Fields of img2dataset, and of BIOMEDICA (Lozano et al., CVPR 2025); others are left out. */
const fieldsSchema = z.object({
  caption: text,
  url: text,
  status: text,
  error_message: text,
  image_context: z.record(z.string(), z.unknown()).nullish(),
  image_primary_label: z.union([z.string(), z.array(z.string())]).nullish(),
  image_panel_type: z.union([z.string(), z.array(z.string())]).nullish(),
  article_accession_id: text,
  article_title: text,
  article_journal: text,
  article_date: text,
  article_citation: text,
  article_license: text,
});
type Fields = z.infer<typeof fieldsSchema>;

/** What stands under one key of a shard: `000001.jpg`, `000001.txt`, `000001.json`. */
interface Sample {
  readonly key: string;
  image: Uint8Array | null;
  caption: string | null;
  fields: Fields | null;
  fault: string | null;
}

/** Whether an archive is a shard of a webdataset: an image with a text or JSON under the same key. */
export async function isShard(file: string): Promise<boolean> {
  const suffixes = new Map<string, Set<string>>();
  let seen = 0;
  try {
    for await (const { header } of tarEntries(file)) {
      const { key, suffix } = partsOf(header.name);
      const known = suffixes.get(key) ?? new Set();
      suffixes.set(key, known.add(suffix));
      const isImage = [...known].some((one) => detectImageKind(`x.${one}`) === 'image');
      if (isImage && (known.has('txt') || known.has('json'))) return true;
      if (++seen === maxLookedAt) break;
    }
  } catch {
    // What is wrong with it is told where it is read.
  }
  return false;
}

/** Whether a folder holds shards, and neither folders nor images beside them, which would be passed over. */
export async function holdsOnlyShards(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.isDirectory() || detectImageKind(entry.name) !== null)) return false;
  return someShard((await listShards(folder)).map((name) => path.join(folder, name)));
}

/** Whether one of the files is a shard; the first ones may be damaged. */
export async function someShard(files: readonly string[]): Promise<boolean> {
  for (const file of files.slice(0, maxLookedAt)) if (await isShard(file)) return true;
  return false;
}

/** Shards of a folder, sorted by name. */
export async function listShards(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names.filter((name) => isTarName(name) && foreignFile(name) === null).sort();
}

/** About how many samples there are: those of the first shard that is whole stand for all. */
export async function countSamples(files: readonly string[]): Promise<number> {
  let most = 0;
  for (const file of files) {
    const keys = new Set<string>();
    try {
      for await (const { header } of tarEntries(file)) keys.add(partsOf(header.name).key);
      return keys.size * files.length;
    } catch {
      // What is wrong with it is told where it is read.
      most = Math.max(most, keys.size);
    }
  }
  return most * files.length;
}

/** Samples of the shards of a webdataset, as img2dataset and BIOMEDICA write them, each a figure. */
export async function* readShards(files: readonly string[]): AsyncGenerator<SourceItem> {
  for (const file of files) yield* readShard(file);
}

async function* readShard(file: string): AsyncGenerator<SourceItem> {
  const shard = withoutTarSuffix(path.basename(file));
  let sample = null as Sample | null;
  const ended = new Set<string>();
  const apart = { count: 0, first: '' };
  try {
    for await (const entry of tarEntries(file)) {
      if (entry.header.type !== 'file' || foreignFile(path.posix.basename(entry.header.name)) !== null) continue;
      const { key, suffix } = partsOf(entry.header.name);
      if (ended.has(key)) {
        if (apart.count++ === 0) apart.first = entry.header.name;
        continue;
      }
      if (sample !== null && sample.key !== key) {
        ended.add(sample.key);
        yield toItem(sample, shard);
      }
      if (sample?.key !== key) sample = { key, image: null, caption: null, fields: null, fault: null };
      try {
        await addTo(sample, suffix, () => readEntry(entry));
      } catch (error) {
        sample.fault = messageOf(error);
      }
    }
  } catch (error) {
    const place = sample === null ? '' : ` from the sample ${sample.key} on`;
    yield faultOf(path.basename(file), error, `The shard cannot be read${place}: `);
    // The last sample may lack its caption.
    return;
  }
  if (sample !== null) yield toItem(sample, shard);
  if (apart.count > 0) yield faultItem(path.basename(file), standsApart(apart));
}

/** The figures of these samples were taken without what these files say. */
function standsApart({ count, first }: { readonly count: number; readonly first: string }): string {
  const expected = 'expected the files of a sample one after the other, as the webdataset library writes them';
  const were = count === 1 ? 'stands apart from its sample and was' : 'stand apart from their samples and were';
  return `${numbered(count, 'file')} ${were} not read (the first: ${first}); ${expected}`;
}

/** A key is all before the first point of the name, as the webdataset library has it. */
function partsOf(name: string): { readonly key: string; readonly suffix: string } {
  const start = name.lastIndexOf('/') + 1;
  const point = name.indexOf('.', start);
  return point < 0
    ? { key: name, suffix: '' }
    : { key: name.slice(0, point), suffix: name.slice(point + 1).toLowerCase() };
}

async function addTo(sample: Sample, suffix: string, read: () => Promise<Uint8Array>): Promise<void> {
  if (suffix === 'txt') sample.caption = decodeText(await read()).trim();
  else if (suffix === 'json') {
    const parsed = fieldsSchema.safeParse(parseJson(decodeText(await read())));
    if (!parsed.success) sample.fault = issuesInWords(parsed.error.issues);
    else sample.fields = parsed.data;
  } else if (detectImageKind(`x.${suffix}`) === 'image') sample.image ??= await read();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `The JSON of the sample cannot be read: ${messageOf(error)}`);
  }
}

function toItem({ key, image, caption, fields, fault }: Sample, shard: string): SourceItem {
  const id = `${shard}/${key}`;
  const status = fields?.status ?? 'success';
  const wrong = fault ?? (status === 'success' ? null : `It was not downloaded: ${fields?.error_message ?? status}`);
  if (wrong !== null) return faultItem(id, wrong);
  if (image === null) return faultItem(id, 'The sample has no image');
  const record = { id, image: id, caption: caption ?? fields?.caption, ...recordOf(fields) };
  return recordItem(record, id, { size: image.length, readImage: () => Promise.resolve(image) });
}

function recordOf(fields: Fields | null): Readonly<Record<string, unknown>> {
  if (fields === null) return {};
  const labels = [fields.image_primary_label, fields.image_panel_type].flatMap((label) => label ?? []);
  const mentions = Object.values(fields.image_context ?? {}).flat();
  const pmcid = fields.article_accession_id;
  const title = fields.article_title ?? pmcid;
  const words = fields.article_license ?? null;
  const year = Number(/\b(?:19|20)\d{2}\b/.exec(fields.article_date ?? '')?.[0]);
  const article = {
    ...{ title, pmcid, journal: fields.article_journal, licenseText: words },
    year: Number.isNaN(year) ? null : year,
    license: words === null ? null : licenseOfWords(words),
  };
  return {
    labels,
    mentions: mentions.filter((mention) => typeof mention === 'string'),
    article: title == null || title === '' ? null : article,
  };
}
