import { text } from '../text';
import type { Mask, MaskPrompts } from './queries';

/** Below it an object is probably not in the image: the limit of BiomedParse's own notebooks. */
const rejection = 0.05;
const doubt = 0.2;
const millimeters = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** A prompt as the server names it (src/domain/mask.ts): case and the number of spaces do not count. */
export function plainPrompt(words: string): string {
  return words.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** The image types that have statistics for a prompt: where several do, a reader says which. */
export function imageTypesOf(prompts: MaskPrompts, prompt: string): readonly string[] {
  const knowing = prompts.filter((known) => known.hasStatistics && plainPrompt(known.prompt) === prompt);
  return [...new Set(knowing.map(({ imageType }) => imageType))];
}

/** What the figure's own words name or hint at first; each prompt once. */
export function suggested(prompts: MaskPrompts, about: string): readonly string[] {
  const hints = hintsOf(about);
  const inOrder = [...prompts].sort((a, b) => hints(b) - hints(a));
  return [...new Set(inOrder.map(({ prompt }) => prompt))];
}

/** The image types in which all objects can be looked for, those first that the figure's own words hint at. */
export function detectableTypes(prompts: MaskPrompts, about: string): readonly string[] {
  const hints = hintsOf(about);
  const known = prompts.filter(({ hasStatistics }) => hasStatistics);
  const sums = new Map<string, number>();
  for (const one of known) sums.set(one.imageType, (sums.get(one.imageType) ?? 0) + hints(one));
  return [...sums].sort(([, a], [, b]) => b - a).map(([type]) => type);
}

/**
 * The image type among several that the words for the kind of image name.
 * @returns null where they name none, or two equally well
 */
export function namedType(types: readonly string[], kinds: string): string | null {
  const words = new Set(kinds.toLowerCase().split(/[^a-z]+/));
  const scored = types
    .map((type) => {
      const parts = type.toLowerCase().split(/[^a-z]+/);
      return { type, score: parts.filter((part) => part.length > 1 && words.has(part)).length };
    })
    .sort((one, other) => other.score - one.score);
  const [best, second] = scored;
  if (best === undefined || best.score === 0 || best.score === second?.score) return null;
  return best.type;
}

/** How much a figure's own words speak for a prompt. */
function hintsOf(about: string): (prompt: MaskPrompts[number]) => number {
  const lower = about.toLowerCase();
  const words = new Set(lower.split(/[^a-z]+/));
  return ({ imageType, prompt }) => {
    const kinds = imageType.toLowerCase().split(/[^a-z]+/);
    return kinds.filter((word) => word.length > 1 && words.has(word)).length + (lower.includes(prompt) ? 2 : 0);
  };
}

/**
 * What a mask is worth, in words: how plausible, and how large.
 * @param imageTypes those that know its prompt
 */
export function maskInWords(
  { status, error, found, pValue, areaFraction, areaMm2 }: Mask,
  imageTypes: readonly string[] = [],
): string {
  if (status === 'FAILED') return error ?? text.masks.failed;
  if (areaFraction === 0) return text.masks.nothing;
  const area =
    areaInWords(areaFraction ?? 0) +
    (areaMm2 == null ? '' : `, ${text.masks.squareMillimeters(millimeters.format(areaMm2))}`);
  if (pValue == null && imageTypes.length > 1) return text.masks.sayKind(area);
  if (pValue == null) return text.masks.noPValue(area);
  const p = pValue < 0.001 ? text.masks.pUnder('0.001') : text.masks.p(pValue.toFixed(pValue < 0.1 ? 3 : 2));
  if (found === false || pValue < rejection) return text.masks.absent(p, area);
  return pValue < doubt ? text.masks.doubtful(p, area) : text.masks.plausible(p, area);
}

function areaInWords(fraction: number): string {
  const percent = fraction * 100;
  return text.masks.area(percent < 0.1 ? text.masks.under('0.1') : percent.toFixed(percent < 10 ? 1 : 0));
}

/** The outline and the run lengths of a mask, as a file for other programs. */
export function maskDocument({
  model,
  prompt,
  pValue,
  areaPixels,
  boxes,
  polygons,
  rle,
}: Mask & { readonly prompt: string }): string {
  return JSON.stringify({ prompt, model, pValue, areaPixels, boxes, polygons, rle });
}
