import type { PromptedMask } from '../masks/segment-image.js';
import { numbered } from '../domain/numbered.js';

/**
 * What came of a prompt, for a person.
 * @param types the image types that know the prompt
 * @param png where the mask was written; null for nowhere
 */
export function maskSentence(answer: PromptedMask, types: readonly string[], png: string | null): string {
  const { prompt, areaPixels, boxes, mask } = answer;
  const where = png === null ? '' : `  ${png}`;
  if (areaPixels === 0) return `${prompt}: nothing found${where}`;
  const share = ((100 * areaPixels) / (mask.width * mask.height)).toFixed(1);
  const parts = numbered(boxes.length, 'part');
  return `${prompt}: ${verdictOf(answer, types)}, ${areaPixels} pixels (${share} %) in ${parts}${where}`;
}

function verdictOf({ found, pValue }: PromptedMask, types: readonly string[]): string {
  if (pValue !== null)
    return `${found === false ? 'probably not in the image' : 'found'} (p-value ${pValue.toFixed(3)})`;
  const [first, ...more] = types;
  if (first === undefined) return 'drawn (no statistics tell whether it is there)';
  // Another image type was named.
  if (more.length === 0) return `drawn (${first} alone knows it: name that by --image-type)`;
  const listed = `${types.slice(0, -1).join(', ')} and ${types.at(-1) ?? ''}`;
  return `drawn (${listed} ${types.length === 2 ? 'both' : 'all'} know it: say which by --image-type)`;
}
