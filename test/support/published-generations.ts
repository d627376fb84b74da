/** The generations that a database knows, in memory. */
export class PublishedGenerations {
  readonly published = new Map<string, string>();

  publishedGenerations(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(this.published);
  }

  recordGeneration(_space: string, generation: string, manifestHash: string): Promise<void> {
    this.published.set(generation, manifestHash);
    return Promise.resolve();
  }
}
