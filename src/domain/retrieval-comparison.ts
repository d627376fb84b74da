/** How well a model finds the image that a caption stands under, among all images of a sample. Shares are 0..1. */
export interface CaptionRetrieval {
  readonly recallAt1: number;
  readonly recallAt10: number;
  readonly meanReciprocalRank: number;
}

/** Two models over the same captions and images of the corpus. */
export interface RetrievalComparison {
  /** Captions that were asked, each with its image. */
  readonly captions: number;
  readonly model: CaptionRetrieval;
  readonly against: CaptionRetrieval;
  /** Mean reciprocal rank of the model less that of the other one, with its 95 % interval: above 0 where the model is better. */
  readonly difference: { readonly mean: number; readonly low: number; readonly high: number };
  /** Two-sided: how often a difference this large comes about where the two models are alike. */
  readonly pValue: number;
}
