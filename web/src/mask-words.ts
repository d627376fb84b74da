import type { Mask } from './client';

/** Below it an object is probably not in the image: the limit of BiomedParse's own notebooks. */
const rejection = 0.05;
const doubt = 0.2;

/** What a mask is worth, in words: how plausible, and how large. */
export function maskInWords({ status, error, found, pValue, areaFraction }: Mask): string {
  if (status === 'FAILED') return error ?? 'it could not be drawn';
  if (areaFraction === 0) return 'nothing found';
  const area = areaInWords(areaFraction ?? 0);
  if (pValue == null) return `${area}; no statistics for these words: judge by eye`;
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
