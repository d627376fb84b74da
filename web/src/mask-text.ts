import type { Mask, MaskPrompts } from './client';

/** Below it an object is probably not in the image: the limit of BiomedParse's own notebooks. */
const rejection = 0.05;
const doubt = 0.2;
const millimeters = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** A prompt as the server names it (src/domain/mask.ts): case and the number of spaces do not count. */
export function plainPrompt(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
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

/** How much a figure's own words speak for a prompt. */
function hintsOf(about: string): (prompt: MaskPrompts[number]) => number {
  const text = about.toLowerCase();
  const words = new Set(text.split(/[^a-z]+/));
  return ({ imageType, prompt }) => {
    const kinds = imageType.toLowerCase().split(/[^a-z]+/);
    return kinds.filter((word) => word.length > 1 && words.has(word)).length + (text.includes(prompt) ? 2 : 0);
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
  if (status === 'FAILED') return error ?? 'it could not be drawn';
  if (areaFraction === 0) return 'nothing found';
  const area = areaInWords(areaFraction ?? 0) + (areaMm2 == null ? '' : `, ${millimeters.format(areaMm2)} mm²`);
  if (pValue == null && imageTypes.length > 1) return `${area}; to judge it, say what kind of image it is`;
  if (pValue == null) return `${area}; no p-value for these words: judge by eye`;
  const p = pValue < 0.001 ? 'p < 0.001' : `p = ${pValue.toFixed(pValue < 0.1 ? 3 : 2)}`;
  if (found === false || pValue < rejection) return `probably not present (${p}); ${area}`;
  return `${pValue < doubt ? 'doubtful' : 'plausible'} (${p}); ${area}`;
}

function areaInWords(fraction: number): string {
  const percent = fraction * 100;
  return `${percent < 0.1 ? 'under 0.1' : percent.toFixed(percent < 10 ? 1 : 0)} % of the image`;
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
