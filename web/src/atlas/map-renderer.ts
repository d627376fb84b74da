import { LabelSprites } from './label-sprites';
import { coversCanvas, MapPicture, placeIn } from './map-picture';
import { placeLabels, type MapLabel } from './place-labels';
import { PointRenderer, type MapFrame } from './point-renderer';
import type { AtlasPoints } from './points';
import { QuadRenderer } from './quad-renderer';
import type { Size } from './view-box';

/** A picture reaches so far over each side of the canvas, of its length, so that a movement shows no gap. */
const overlap = 0.15;
/** Points that are drawn where the last picture does not reach. */
const pointsBeside = 5000;
/** Of another scale than this, a picture is drawn anew, lest its words grow too large. */
const maxGrowth = 1.4;
/** Of another scale than this, a picture shows too little, and some of the points show more. */
const maxPictureGrowth = 4;

interface MapContent {
  readonly points: AtlasPoints;
  readonly labels: readonly MapLabel[];
  /** Rows that are drawn over the others; null: none. */
  readonly top: ReadonlySet<number> | null;
}

interface DrawnFrame {
  /** All points are shown at their places. */
  readonly isAtRest: boolean;
  /** The canvas was drawn anew, which takes longer than to move it. */
  readonly isPainted: boolean;
}

/**
 * Draws the map with WebGL 2: all points at once, or, while a slow map moves, the last picture at its new place, with
 * a new picture made a part a frame meanwhile.
 */
export class MapRenderer {
  private readonly dots: PointRenderer;
  private readonly quads: QuadRenderer;
  /** What is shown while the map moves. */
  private front: MapPicture | null = null;
  /** What is being made. */
  private back: MapPicture | null = null;
  private sprites: LabelSprites | null = null;
  /** What is on the canvas, and whether words are. */
  private shown: MapFrame | null = null;
  private hasWords = false;
  private readonly count: number;
  private readonly labels: readonly MapLabel[];

  private constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
    { points, labels, top }: MapContent,
  ) {
    this.count = points.count;
    this.labels = labels;
    this.dots = new PointRenderer(gl, points, top);
    this.quads = new QuadRenderer(gl);
    gl.clearColor(0, 0, 0, 0);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Null where the browser has no WebGL 2. */
  static open(canvas: HTMLCanvasElement, content: MapContent): MapRenderer | null {
    const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, premultipliedAlpha: true });
    return gl === null ? null : new MapRenderer(canvas, gl, content);
  }

  /** @param colors uint8 [count, 4]: red, green, blue, opacity */
  setColors(colors: Uint8Array): void {
    this.dots.setColors(colors);
    // The colors of the words change with those of the points, where the system turns dark.
    this.sprites?.delete();
    this.sprites = null;
  }

  /** @param isKept whether a movement is to begin with this picture */
  drawAll(frame: MapFrame, isKept: boolean): void {
    const board = this.fitCanvas(frame);
    this.gl.clear(this.gl.COLOR_BUFFER_BIT);
    this.dots.draw(board, 0, this.count);
    this.forget();
    this.placeCanvas(frame);
    if (!isKept) return;
    this.front = new MapPicture(this.gl, board);
    this.front.copyCanvas();
  }

  /** @returns whether there is a picture to move */
  get canMove(): boolean {
    return this.front !== null;
  }

  /**
   * Moves the last picture to its place in a view, and draws a part of the next one.
   * @param count points that may be drawn
   * @param isMoving whether other views follow; at rest, the next picture is one of this view
   */
  drawMoved(frame: MapFrame, count: number, isMoving: boolean): DrawnFrame {
    const board = withOverlap(frame);
    const isNew = this.continuePicture(board, count, isMoving);
    const { front } = this;
    if (front === null) return { isAtRest: false, isPainted: false };
    const isAtRest = !isMoving && front.frame.view === frame.view;
    const isPainted = isAtRest || isNew || !this.hasWords || !serves(this.shown, frame);
    if (isPainted) {
      this.paint(serves(front.frame, frame) ? front.frame : board);
      if (!isAtRest) this.drawWords(frame.size);
    }
    this.placeCanvas(frame);
    return { isAtRest, isPainted };
  }

  /** Draws the last picture at its place in a view; where it does not reach, some of the points. */
  private paint(board: MapFrame): void {
    const { gl, front } = this;
    if (front === null) return;
    const quad = placeIn(front.frame, board);
    const isUseful = growthOf(front.frame, board) < maxPictureGrowth;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!isUseful || !coversCanvas(quad)) this.dots.draw(board, 0, Math.min(this.count, pointsBeside));
    gl.disable(gl.BLEND);
    if (isUseful) this.quads.draw(front.texture, [quad]);
    gl.enable(gl.BLEND);
    this.shown = board;
    this.hasWords = false;
  }

  /** @param size of the part that is seen */
  private drawWords(size: Size): void {
    if (this.shown === null) return;
    this.sprites ??= new LabelSprites(this.gl, this.labels, this.canvas);
    const { view, size: whole } = this.shown;
    const [left, top] = [(whole.width - size.width) / 2, (whole.height - size.height) / 2];
    const placed = placeLabels(this.labels, view, size).map((one) => ({ ...one, x: one.x + left, y: one.y + top }));
    this.sprites.draw(this.quads, placed, whole);
    this.hasWords = true;
  }

  /** Draws some points into the next picture. @returns whether it is whole, and the last one from now on */
  private continuePicture(board: MapFrame, count: number, isMoving: boolean): boolean {
    if (!isMoving && this.front?.frame.view === board.view) return false;
    const isStale = (back: MapPicture): boolean =>
      isMoving ? growthOf(back.frame, board) > maxPictureGrowth : back.frame.view !== board.view;
    if (this.back !== null && isStale(this.back)) {
      this.back.delete();
      this.back = null;
    }
    const back = (this.back ??= new MapPicture(this.gl, board));
    const to = Math.min(this.count, back.drawn + Math.ceil(count));
    back.within(() => this.dots.draw(back.frame, back.drawn, to));
    back.drawn = to;
    if (to < this.count) return false;
    this.front?.delete();
    this.front = back;
    this.back = null;
    return true;
  }

  /** Gives the canvas its size, and shows on it what is drawn next. */
  private fitCanvas(frame: MapFrame): MapFrame {
    const { canvas, gl } = this;
    const board = withOverlap(frame);
    const { width, height } = board.size;
    const pixels = [
      Math.max(1, Math.round(width * devicePixelRatio)),
      Math.max(1, Math.round(height * devicePixelRatio)),
    ];
    const [w = 1, h = 1] = pixels;
    if (canvas.width !== w || canvas.height !== h) {
      [canvas.width, canvas.height] = [w, h];
      Object.assign(canvas.style, {
        ...{ width: `${width}px`, height: `${height}px` },
        ...{ left: `${(frame.size.width - width) / 2}px`, top: `${(frame.size.height - height) / 2}px` },
      });
    }
    gl.viewport(0, 0, w, h);
    this.shown = board;
    this.hasWords = false;
    return board;
  }

  /** Moves what is drawn to its place in a view: the browser does so at no cost of a drawing. */
  private placeCanvas({ view }: MapFrame): void {
    if (this.shown === null) return;
    const { view: own } = this.shown;
    const growth = view.scale / own.scale;
    // On whole pixels of the screen, so that points stay sharp.
    const whole = (value: number): number => Math.round(value * devicePixelRatio) / devicePixelRatio;
    const [dx, dy] = [whole((own.x - view.x) * view.scale), whole((own.y - view.y) * view.scale)];
    this.canvas.style.transform = own === view ? 'none' : `translate(${dx}px, ${dy}px) scale(${growth})`;
  }

  /** Gives the memory of the graphics card back: the next map is drawn on the same canvas. Nothing can be drawn afterwards. */
  close(): void {
    this.forget();
    this.sprites?.delete();
    this.sprites = null;
    this.dots.delete();
    this.quads.delete();
  }

  private forget(): void {
    this.front?.delete();
    this.back?.delete();
    this.front = null;
    this.back = null;
  }
}

/** How much larger or smaller one drawing is in another one, from 1. */
function growthOf({ view: { scale } }: MapFrame, { view }: MapFrame): number {
  return Math.max(view.scale / scale, scale / view.scale);
}

/** Whether a drawing that is moved and scaled shows all of a frame, in about its scale. */
function serves(drawing: MapFrame | null, frame: MapFrame): boolean {
  return drawing !== null && growthOf(drawing, frame) < maxGrowth && coversCanvas(placeIn(drawing, frame));
}

/** The same view on a larger canvas, by whole pixels of the screen on each side. */
function withOverlap({ view, size, pointSize }: MapFrame): MapFrame {
  const larger = (side: number): number => {
    const pixels = Math.round(side * devicePixelRatio);
    return (pixels + 2 * Math.round(overlap * pixels)) / devicePixelRatio;
  };
  return { view, pointSize, size: { width: larger(size.width), height: larger(size.height) } };
}
