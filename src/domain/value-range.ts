/** The values of an image that become black and white; what lies between is spread evenly, what lies outside is cut off. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
  /** Where it comes from: the kind of number, what the file says, or the values themselves (docs/preprocessing.md). */
  readonly by: 'type' | 'file' | 'values';
}
