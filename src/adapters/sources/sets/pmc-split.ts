import path from 'node:path';
import { z } from 'zod';
import type { SourceItem } from '../../../domain/figure-record.js';
import { issuesInWords } from '../../../domain/issues.js';
import type { OpenedImages, SetRequest } from '../../../domain/public-set.js';
import { readImageFile } from '../image-file.js';
import { readJsonValues } from '../records/jsonl.js';
import { isTaken } from './evenly.js';
import { isFile, layoutError, namesIn, refuseSplit } from './layout.js';
import { setFault, setItem } from './set-item.js';

const set = 'split of PMC pairs';

/** The folder that the pipeline unpacks articles into, which the paths in its output run through. */
const articles = 'pubmed_open_access_files';
const usualNames = ['pubmed_parsed_data.json', 'pubmed_parsed_data.jsonl'];

const text = z.string().nullish();
const article = z.object({
  pmid: text,
  pmc: text,
  figures: z.array(z.object({ fig_caption: text, fig_id: text, graphic_ref: text, pair_id: text })),
});
type Article = z.infer<typeof article>;

/**
 * Pairs of figures and captions as microsoft/BiomedCLIP_data_pipeline writes them: an article a line, with paths of images. The
 * whole file is taken as the held-out part: which articles the paper held out is not published.
 * @throws {FigseekError} BAD_USER_INPUT for a folder without such a file
 */
export async function openPmcSplit(folder: string, request: SetRequest): Promise<OpenedImages> {
  refuseSplit(request, set);
  const name = await pairFile(folder);
  const file = path.join(folder, name);
  let total = 0;
  for await (const pair of pairs(file)) if (pair.kind === 'pair') total += 1;
  if (total === 0) throw await layoutError(folder, set, `articles with figures in ${name}`);
  return { kind: 'images', layout: name, split: null, total, items: items(), groupOf };

  async function* items(): AsyncGenerator<SourceItem> {
    let place = 0;
    for await (const pair of pairs(file)) {
      if (pair.kind === 'fault') yield setFault(pair.key, pair.message);
      else if (isTaken(place++, total, request.limit)) yield itemOf(folder, pair);
    }
  }
}

interface Pair {
  readonly kind: 'pair';
  readonly id: string;
  readonly caption: string;
  readonly image: string;
}

type PairOrFault = Pair | { readonly kind: 'fault'; readonly key: string; readonly message: string };

async function* pairs(file: string): AsyncGenerator<PairOrFault> {
  for await (const line of readJsonValues(file)) {
    if (line.kind === 'fault') {
      yield { kind: 'fault', key: line.lineKey, message: line.message };
      continue;
    }
    const parsed = article.safeParse(line.value);
    if (parsed.success) yield* pairsOf(parsed.data);
    else yield { kind: 'fault', key: line.lineKey, message: issuesInWords(parsed.error.issues) };
  }
}

function* pairsOf({ pmid, pmc, figures }: Article): Generator<Pair> {
  // Of an article without a PMID each pair_id would begin with “_”.
  const key = [pmid, pmc].find((one) => one != null && one !== '') ?? 'article';
  for (const { fig_caption: caption, fig_id: figure, graphic_ref: image } of figures) {
    yield { kind: 'pair', id: `${key}_${figure ?? ''}`, caption: (caption ?? '').trim(), image: image ?? '' };
  }
}

function itemOf(folder: string, { id, caption, image }: Pair): SourceItem {
  if (image === '') return setFault(id, 'The figure names no image');
  if (caption === '') return setFault(id, 'The figure has no caption');
  return setItem({ id, caption }, async () => readImageFile(folder, await placeOf(folder, image)));
}

/** The path as it is on this machine: the pipeline wrote that of its own. */
async function placeOf(folder: string, image: string): Promise<string> {
  const parts = image.split(/[\\/]/);
  const within = parts.slice(parts.lastIndexOf(articles) + 1);
  const own = path.isAbsolute(image) && within.length === parts.length ? parts.slice(-2) : within;
  const candidates = [path.join(articles, ...own), path.join(...own)];
  for (const candidate of candidates) if (await isFile(path.join(folder, candidate))) return candidate;
  return candidates[0] ?? image;
}

async function pairFile(folder: string): Promise<string> {
  const names = await namesIn(folder);
  const [usual] = usualNames.filter((name) => names.includes(name));
  const [only, another] = names.filter((name) => /\.jsonl?$/.test(name));
  const found = usual ?? (another === undefined ? only : undefined);
  if (found !== undefined) return found;
  throw await layoutError(
    folder,
    set,
    `${usualNames[0] ?? ''} of microsoft/BiomedCLIP_data_pipeline, or one other .jsonl file`,
  );
}

/** What figures of one article share. */
function groupOf(id: string): string {
  return `article ${id.slice(0, id.indexOf('_'))}`;
}
