import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { namedStorageFault } from '../domain/storage-fault.js';
import { encodeMaskPng, encodePng } from '../imaging/encode.js';
import { sampleCorpus, type SampleRecord } from '../samples/corpus.js';

/** How many files of each kind were written. */
export interface WrittenSamples {
  readonly figures: number;
  readonly masks: number;
}

/**
 * Writes drawn figures as a labeled set (docs/evaluation.md): `figures.jsonl` with groups and true masks, the images beside it,
 * `prompts.json` with texts that name each label, and `judgments.jsonl` with texts and the figures that they ask for.
 * @throws {FigseekError} INSUFFICIENT_STORAGE
 */
export async function writeSamples(
  folder: string,
  count: number,
  onProgress: (done: number) => void,
): Promise<WrittenSamples> {
  const records = sampleCorpus({ count });
  const lines: string[] = [];
  let masks = 0;
  try {
    for (const place of ['images', 'masks']) await mkdir(path.join(folder, place), { recursive: true });
    for (const [i, record] of records.entries()) {
      const line = await writeRecord(folder, record);
      masks += line.masks.length;
      lines.push(JSON.stringify(line));
      onProgress(i + 1);
    }
    await writeFile(path.join(folder, 'figures.jsonl'), `${lines.join('\n')}\n`);
    await writeFile(path.join(folder, 'prompts.json'), `${JSON.stringify(promptsOf(records), null, 2)}\n`);
    await writeFile(path.join(folder, 'judgments.jsonl'), judgmentsOf(records));
  } catch (error) {
    throw namedStorageFault(error, folder);
  }
  return { figures: records.length, masks };
}

async function writeRecord(folder: string, record: SampleRecord) {
  const { id, caption, label, labels, license, modality, article } = record;
  const { image, masks: truths } = record.drawWithMasks();
  const file = `images/${record.id}.png`;
  await writeFile(path.join(folder, file), await encodePng(image));
  const masks = [];
  for (const [i, { prompt, mask }] of truths.entries()) {
    const maskFile = `masks/${record.id}-${i + 1}.png`;
    const data = mask.map((value) => Number(value > 127));
    await writeFile(
      path.join(folder, maskFile),
      await encodeMaskPng({ width: image.width, height: image.height, data }),
    );
    masks.push({ prompt, file: maskFile });
  }
  return { id, image: file, caption, label, labels, license, modality, article, group: article.title, masks };
}

/** Kinds of figures that are drawn twice at least, each by two texts. */
function promptsOf(records: readonly SampleRecord[]): Readonly<Record<string, readonly string[]>> {
  const kinds = kindsOf(records).filter(([, ids]) => ids.length > 1);
  return Object.fromEntries(kinds.map(([kind]) => [kind, [kind, `a figure that shows ${kind}`]]));
}

function judgmentsOf(records: readonly SampleRecord[]): string {
  return kindsOf(records)
    .map(([text, relevant]) => `${JSON.stringify({ text, relevant })}\n`)
    .join('');
}

/** The name of the kind is the first label. */
function kindsOf(records: readonly SampleRecord[]): readonly (readonly [string, readonly string[]])[] {
  const ids = new Map<string, string[]>();
  for (const { id, labels } of records) {
    const [kind] = labels;
    if (kind !== undefined) ids.set(kind, [...(ids.get(kind) ?? []), id]);
  }
  return [...ids];
}
