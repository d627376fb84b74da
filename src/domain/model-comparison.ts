/** Cosines between the vectors that two models gave for the same inputs. */
export interface Cosines {
  readonly mean: number;
  readonly least: number;
}

/** How far two models agree on a sample of figures. */
export interface ModelComparison {
  readonly figures: number;
  readonly images: Cosines;
  /** null where no figure of the sample has a caption. */
  readonly captions: Cosines | null;
  /** Mean share of the ten best images that both models name, by captions and by images. */
  readonly overlap: number;
}

/** Under this many figures almost every answer is among the ten best, whatever the model. */
export const minComparedFigures = 30;

/** Least mean share of the ten best answers that a lower precision keeps of those of fp32. */
export const minOverlap = 0.97;

/** Figures on which two packages are compared where nobody says how many. */
export const defaultSampleSize = 200;
