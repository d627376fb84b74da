import { FramePacer } from './frame-pacer';
import type { MapRenderer } from './map-renderer';
import type { MapFrame } from './point-renderer';

/** After the last movement, in ms, all points are drawn. */
const restMs = 120;
/** At rest, so many times as many points are drawn in a frame: nobody sees that it is late. */
const restFactor = 5;

/** Draws a map when it changes: all points, or as many a frame as a smooth movement allows, and all of them at rest. */
export class MapDrawing {
  private readonly pacer: FramePacer;
  private frame: MapFrame | null = null;
  private movedAt = -Infinity;
  private isWhole = false;
  private request: number | null = null;

  /** @param onMoving whether the words are part of the drawing, as long as the map moves */
  constructor(
    private readonly renderer: MapRenderer,
    private readonly count: number,
    private readonly onMoving: (isMoving: boolean) => void,
  ) {
    this.pacer = new FramePacer(count);
  }

  /** @param colors uint8 [count, 4] */
  setColors(colors: Uint8Array): void {
    this.renderer.setColors(colors);
    this.isWhole = false;
    this.schedule();
  }

  show(frame: MapFrame): void {
    const { size } = this.frame ?? frame;
    const isMoved = this.frame !== null && size.width === frame.size.width && size.height === frame.size.height;
    this.frame = frame;
    if (isMoved) this.movedAt = performance.now();
    else this.isWhole = false;
    this.schedule();
  }

  stop(): void {
    if (this.request !== null) cancelAnimationFrame(this.request);
    this.request = null;
    this.renderer.close();
  }

  private schedule(): void {
    this.request ??= requestAnimationFrame((now) => {
      this.request = null;
      this.draw(now);
    });
  }

  private draw(now: number): void {
    const { frame, renderer } = this;
    if (frame === null) return;
    const count = this.pacer.next(now);
    const isSlow = count < this.count;
    if (!this.isWhole || !isSlow || !renderer.canMove) {
      renderer.drawAll(frame, isSlow);
      this.isWhole = true;
      this.onMoving(false);
      return;
    }
    const isMoving = performance.now() - this.movedAt < restMs;
    const { isAtRest, isPainted } = renderer.drawMoved(frame, isMoving ? count : restFactor * count, isMoving);
    if (isPainted || !isMoving) this.pacer.skip();
    this.onMoving(!isAtRest);
    if (!isAtRest) this.schedule();
  }
}
