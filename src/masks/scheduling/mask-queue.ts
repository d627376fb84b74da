/**
 * Who wants a mask, the most urgent first: clients that wait for it (`interactive`); clients that requested it and do not
 * wait, as they poll or disconnected (`background`); jobs of `requestMasks` (`batch`).
 */
const priorities = ['interactive', 'background', 'batch'] as const;
export type MaskPriority = (typeof priorities)[number];

/** How many masks of one image are taken one after the other while masks of other images wait longer. */
const maxConsecutive = 16;

/** A queue for each priority. An item is in one of them at a time. */
export class MaskQueue<Item extends { readonly imageKey: string }> {
  private readonly queues: Readonly<Record<MaskPriority, Set<Item>>> = {
    interactive: new Set(),
    background: new Set(),
    batch: new Set(),
  };
  private lastImageKey: string | null = null;
  private consecutive = 0;

  count(priority: MaskPriority): number {
    return this.queues[priority].size;
  }

  /** The priority with which an item waits; null where it does not wait. */
  findPriority(item: Item): MaskPriority | null {
    return priorities.find((priority) => this.queues[priority].has(item)) ?? null;
  }

  /** Puts an item at the end of the queue of a priority; it leaves the one that it was in. */
  put(item: Item, priority: MaskPriority): void {
    this.remove(item);
    this.queues[priority].add(item);
  }

  remove(item: Item): void {
    for (const priority of priorities) this.queues[priority].delete(item);
  }

  /**
   * Takes the next item of a priority: one with the image that was taken last, as the model still has its features, else
   * the oldest.
   * @returns undefined where no item waits
   */
  take(priority: MaskPriority): Item | undefined {
    const [oldest] = this.queues[priority];
    if (oldest === undefined) return undefined;
    const item = (this.consecutive < maxConsecutive ? this.findWithLastImage(priority) : undefined) ?? oldest;
    this.consecutive = item.imageKey === this.lastImageKey ? this.consecutive + 1 : 1;
    this.lastImageKey = item.imageKey;
    this.queues[priority].delete(item);
    return item;
  }

  /** Empties all queues. @returns what waited, the most urgent first */
  drain(): readonly Item[] {
    const all = priorities.flatMap((priority) => [...this.queues[priority]]);
    for (const priority of priorities) this.queues[priority].clear();
    return all;
  }

  private findWithLastImage(priority: MaskPriority): Item | undefined {
    for (const item of this.queues[priority]) if (item.imageKey === this.lastImageKey) return item;
    return undefined;
  }
}
