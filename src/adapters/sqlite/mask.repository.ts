/** What `CorpusOverview` reads of masks. It is to take `MaskReader` instead; then this file can be deleted. */
export abstract class MaskRepository {
  /** Masks of panels that are in the corpus. */
  abstract count(): Promise<number>;
}
