/** A frame that came later than this after the one before it, in ms, had too much to draw. */
const lateMs = 25;
/** Frames that lie further apart, in ms, are no movement, and say nothing of the speed. */
const pauseMs = 400;
const firstPoints = 5000;
const minPoints = 500;
/** Until the first late frame, and after it: near the limit, few frames are to be late. */
const growths = { fast: 1.5, slow: 1.01 };

/** How many points a frame may draw while the map moves, so that 60 come in a second also without a graphics card. */
export class FramePacer {
  private drawnAt = -Infinity;
  private growth: number = growths.fast;
  private points = firstPoints;
  private isLate = false;
  private isSkipped = false;

  /** @param count points of the map */
  constructor(private readonly count: number) {}

  /** @param now in ms @returns points for the frame that is drawn now */
  next(now: number): number {
    const took = now - this.drawnAt;
    this.drawnAt = now;
    if (took < pauseMs && !this.isSkipped) this.learn(took > lateMs);
    this.isSkipped = false;
    return Math.min(this.count, Math.round(this.points));
  }

  /** The frame that was drawn last says nothing of the points. */
  skip(): void {
    this.isSkipped = true;
  }

  private learn(isLate: boolean): void {
    const wasLate = this.isLate;
    this.isLate = isLate;
    if (!isLate) {
      this.points = Math.min(this.count, this.points * this.growth);
      return;
    }
    // One late frame among fast ones, with all points in each, has another cause.
    if (this.points === this.count && !wasLate) return;
    this.points = Math.max(minPoints, this.points * 0.7);
    this.growth = growths.slow;
  }
}
