/**
 * Who wants a mask: people who wait for it go first, then come masks that people asked for and do not wait for (they ask
 * again, or went away), then those of `requestMasks`.
 */
const lanes = ['waited', 'asked', 'bulk'] as const;
export type MaskPriority = (typeof lanes)[number];

/** Masks of one picture that are taken in a row while masks of others wait longer. */
const maxConsecutive = 16;

/** What waits to be made; each is in one lane. */
export class MaskQueue<Item extends { readonly picture: string }> {
  private readonly lanes: Readonly<Record<MaskPriority, Set<Item>>> = {
    waited: new Set(),
    asked: new Set(),
    bulk: new Set(),
  };
  private last: string | null = null;
  private inARow = 0;

  lengthOf(lane: MaskPriority): number {
    return this.lanes[lane].size;
  }

  laneOf(item: Item): MaskPriority | null {
    return lanes.find((lane) => this.lanes[lane].has(item)) ?? null;
  }

  /** Behind all of a lane; it leaves the one it was in. */
  put(item: Item, lane: MaskPriority): void {
    this.remove(item);
    this.lanes[lane].add(item);
  }

  remove(item: Item): void {
    for (const lane of lanes) this.lanes[lane].delete(item);
  }

  /**
   * The next one of a lane: of the picture that was taken last, whose features the model still has, else the oldest.
   * @returns undefined where the lane is empty
   */
  take(lane: MaskPriority): Item | undefined {
    const [oldest] = this.lanes[lane];
    if (oldest === undefined) return undefined;
    const item = (this.inARow < maxConsecutive ? this.ofLastPicture(lane) : undefined) ?? oldest;
    this.inARow = item.picture === this.last ? this.inARow + 1 : 1;
    this.last = item.picture;
    this.lanes[lane].delete(item);
    return item;
  }

  /** Empties the queue. */
  drain(): readonly Item[] {
    const all = lanes.flatMap((lane) => [...this.lanes[lane]]);
    for (const lane of lanes) this.lanes[lane].clear();
    return all;
  }

  private ofLastPicture(lane: MaskPriority): Item | undefined {
    for (const item of this.lanes[lane]) if (item.picture === this.last) return item;
    return undefined;
  }
}
