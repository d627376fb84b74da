import type { CorpusHeadTraining } from '../app/panel-classes.js';
import type { Estimate } from '../evaluation/statistics.js';
import { numbered } from '../domain/numbered.js';

/** A training for a person. @param outcome whether the head is used from now on, and how many panels it classified */
export function formatHead(
  training: CorpusHeadTraining,
  { isWritten, classified }: { readonly isWritten: boolean; readonly classified: number },
): readonly string[] {
  const { model, figures, classes, leftOut, folds, accuracy, balancedAccuracy, gain, penalty } = training;
  return [
    `${model}: ${figures} figures of ${classes.length} classes, ${folds} folds; penalty ${penalty}`,
    `${training.withoutClass} figures have no known class; ${training.withoutVector} have one and no vector of the model`,
    ...(leftOut.length === 0
      ? []
      : [`too few to learn: ${leftOut.map(({ name, figures: count }) => `${name} ${count}`).join(', ')}`]),
    `accuracy of the head, on figures that it was not trained on: ${shares(accuracy)}, mean of classes ${share(balancedAccuracy)}`,
    `accuracy of the prompts, among the same classes: ${shares(training.zeroShot)}, mean of classes ${share(training.zeroShotBalanced)}`,
    `accuracy of the prompts, among all classes: ${shares(training.zeroShotOfAll)}`,
    `figure type right: head ${shares(training.typeAccuracy)}, prompts among all classes ${shares(training.zeroShotTypes)}`,
    `by chance ${share(training.chance)}; by always naming the most frequent class ${share(training.majorityChance)}`,
    `gain over the prompts among the same classes: ${shares(gain.difference)}, p ${gain.pValue.toFixed(4)}`,
    ...classes.map(
      (one) => `  ${one.name} (${one.figures}): head ${share(one.accuracy)}, prompts ${share(one.zeroShot)}`,
    ),
    'A head names none but the classes that it was trained on: figures of other kinds get one of these.',
    verdict(training, isWritten, classified),
  ];
}

function verdict({ isBetter }: CorpusHeadTraining, isWritten: boolean, classified: number): string {
  if (isWritten) return `The head is used from now on: ${numbered(classified, 'panel')} classified`;
  if (isBetter) return 'The head is certainly better; --write uses it';
  return 'The head is not certainly better: the interval of the gain is not above 0, p is not below 0.05, or the mean of classes is lower; nothing was changed';
}

function share(value: number): string {
  return value.toFixed(3);
}

/** With the 95 % interval. */
function shares({ mean, low, high }: Estimate): string {
  return `${share(mean)} [${share(low)}, ${share(high)}]`;
}
