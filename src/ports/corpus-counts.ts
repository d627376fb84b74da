/** How much there is. */
export abstract class CorpusCounts {
  abstract counts(): Promise<{ readonly articles: number; readonly figures: number; readonly panels: number }>;

  /** How many figures carry each value, most frequent first. */
  abstract countBy(
    field: 'modality' | 'license' | 'year',
  ): Promise<readonly { readonly value: string; readonly count: number }[]>;
}
