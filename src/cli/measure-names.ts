import type { ComparedMeasure } from '../evaluation/evaluate.js';

/** The measures that are compared between two models, in words. */
export const measureNames: Readonly<Record<ComparedMeasure, string>> = {
  captionToImage: 'caption → image, MRR',
  imageToCaption: 'image → caption, MRR',
  labelNeighbors: 'image → images with its labels, P@10',
  majorityVote: 'majority vote of ten neighbors',
  zeroShot: 'zero-shot classification',
};
