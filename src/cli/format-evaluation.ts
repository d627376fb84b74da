import type { Evaluation } from '../evaluation/evaluate.js';

/** Reasons why records were left out: more would hide the figures. */
const reasonsShown = 5;

/** An evaluation for a person. */
export function formatEvaluation({
  captionToImage,
  imageToCaption,
  labels,
  leftOut,
  ...rest
}: Evaluation): readonly string[] {
  const panels = rest.panels === rest.records ? '' : ` with ${rest.panels} panels`;
  return [
    `${rest.model} on ${rest.records} records${panels} (split: ${rest.split}), ${leftOut.length} left out`,
    ...formatLeftOut(leftOut),
    formatRetrieval('caption → image', captionToImage),
    formatRetrieval('image → caption', imageToCaption),
    ...labels.map(
      ({ query, label, precisionAt10, chance, ratio, relevant }) =>
        `“${query}” (${label}, ${relevant} relevant): P@10 ${percent(precisionAt10)}, chance ${percent(chance)}, ${ratio.toFixed(1)} ×`,
    ),
    ...(rest.labelRatio === null ? [] : [`labels together: ${rest.labelRatio.toFixed(1)} × chance`]),
  ];
}

function formatRetrieval(name: string, figures: Evaluation['captionToImage']): string {
  const { recallAt1, recallAt5, recallAt10, chanceAt10, medianRank, queries } = figures;
  const times = chanceAt10 === 0 ? 0 : recallAt10 / chanceAt10;
  const recalls = `R@1 ${percent(recallAt1)}, R@5 ${percent(recallAt5)}, R@10 ${percent(recallAt10)}`;
  return `${name}: ${recalls} (${times.toFixed(2)} × chance), median rank ${medianRank ?? '-'} of ${queries}`;
}

function formatLeftOut(leftOut: Evaluation['leftOut']): readonly string[] {
  const lines = leftOut
    .slice(0, reasonsShown)
    .map(({ sourceKey, message }) => `  ${sourceKey}: ${message.replaceAll(/\s*\n\s*/g, ' ')}`);
  const more = leftOut.length - reasonsShown;
  return more > 0 ? [...lines, `  … and ${more} more; --json tells them all`] : lines;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
