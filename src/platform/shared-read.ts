/**
 * Reads a value that changes, once for all who ask while an earlier read is under way. Nobody gets a value that was read
 * before they asked.
 */
export class SharedRead<Value> {
  private running: Promise<Value> | null = null;
  private next: Promise<Value> | null = null;

  constructor(private readonly read: () => Promise<Value>) {}

  get(): Promise<Value> {
    if (this.running === null) return this.begin();
    // The one under way may have read before this call: the next one serves all who ask until it begins.
    this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = null;
        return this.begin();
      });
    return this.next;
  }

  private begin(): Promise<Value> {
    const begun = this.read();
    this.running = begun;
    const end = (): void => {
      if (this.running === begun) this.running = null;
    };
    begun.then(end, end);
    return begun;
  }
}
