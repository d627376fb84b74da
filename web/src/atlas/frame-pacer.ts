/** A frame that took longer, in ms, has too many points for this graphics card. */
const slowMs = 50;
const fastMs = 28;
/** Frames that lie further apart, in ms, are no movement. */
const pauseMs = 400;
const leastShare = 0.08;

/** How many of the points to draw while the map moves, so that it follows the hand also without a graphics card. */
export class FramePacer {
  private drawnAt = -Infinity;
  private share = 1;

  /** @param now in ms @returns the share of points for the frame that is drawn now, 0..1 */
  next(now: number): number {
    const took = now - this.drawnAt;
    this.drawnAt = now;
    // The first frame after a pause says nothing of the speed, and is as those of the last movement.
    if (took > pauseMs) return this.share;
    if (took > slowMs) this.share = Math.max(leastShare, this.share * 0.7);
    else if (took < fastMs) this.share = Math.min(1, this.share * 1.15);
    return this.share;
  }
}
