import path from 'node:path';
import { z } from 'zod';
import { FigseekError } from '../../../domain/errors.js';
import { issuesInWords } from '../../../domain/issues.js';
import type { SetSplit } from '../../../domain/public-set.js';
import { readWholeJson } from '../records/json-records.js';
import { isFile, namesIn } from './layout.js';

/** An object in an image, with its true mask. */
export interface Annotation {
  /** Relative to the folder of the sets, as `mask` is. */
  readonly image: string;
  readonly mask: string;
  /** As it stands in the name of the image: CT, MRI-FLAIR, X-Ray. */
  readonly modality: string;
  readonly prompt: string;
}

const name = z.string().min(1).max(1000);
const annotationFile = z.object({
  annotations: z.array(
    z.object({
      file_name: name,
      mask_file: name,
      sentences: z.array(z.object({ raw: name })).min(1),
    }),
  ),
});

/**
 * The objects of one data set: as SPLIT.json names them, else by the names of the masks.
 * @param place of the data set in `folder`
 * @throws {FigseekError} BAD_USER_INPUT for a SPLIT.json of another form
 */
export async function annotationsOf(folder: string, place: string, split: SetSplit): Promise<readonly Annotation[]> {
  const file = path.join(folder, place, `${split}.json`);
  const located = ({ image, mask, ...rest }: Annotation): Annotation => ({
    image: path.join(place, split, image),
    mask: path.join(place, `${split}_mask`, mask),
    ...rest,
  });
  if (await isFile(file)) return (await readAnnotations(file)).map(located);
  const masks = (await namesIn(path.join(folder, place, `${split}_mask`))).filter((one) => one.endsWith('.png'));
  return masks.flatMap((one) => parseMaskName(one) ?? []).map(located);
}

async function readAnnotations(file: string): Promise<readonly Annotation[]> {
  const parsed = annotationFile.safeParse((await readWholeJson(file))[0]);
  if (!parsed.success) {
    const form = '{"annotations": [{"file_name", "mask_file", "sentences": [{"raw"}]}]}';
    throw new FigseekError('BAD_USER_INPUT', `${file}: expected ${form}: ${issuesInWords(parsed.error.issues)}`);
  }
  return parsed.data.annotations.map(({ file_name: image, mask_file: mask, sentences: [first] }) => ({
    ...{ image, mask, modality: modalityIn(image) },
    // BiomedParse draws one of several sentences at random, and takes it in small letters; here it is the first.
    prompt: (first?.raw ?? '').toLowerCase(),
  }));
}

/**
 * NAME_MODALITY_SITE_TARGET.png, blanks written as “+”; the prompt is made as create-customer-datasets.py makes it.
 * @returns null for a name of another form
 */
export function parseMaskName(mask: string): Annotation | null {
  const parts = mask.replace(/\.png$/, '').split('_');
  const [modality, site, target] = parts.slice(-3);
  if (parts.length < 4 || modality === undefined || site === undefined || target === undefined) return null;
  const prompt = `${target.replaceAll('+', ' ')} in ${site} ${modality}`.toLowerCase();
  return { image: `${parts.slice(0, -1).join('_')}.png`, mask, modality, prompt };
}

/** NAME_MODALITY_SITE.png */
function modalityIn(image: string): string {
  return (
    image
      .replace(/\.\w+$/, '')
      .split('_')
      .at(-2) ?? 'unknown'
  );
}
