import { atlasText } from './atlas-text';
import type { MapLabel, PlacedLabel } from './place-labels';
import type { Quad, QuadRenderer } from './quad-renderer';
import type { Size } from './view-box';

const lineHeight = 24;
const sideGap = 6;
/** The halo of `.atlas-labels span` in atlas.css, in pixels. */
const halo = [3, 3, 5, 5];
/** Text is drawn so far beside its halo, where it is not seen. */
const beside = 10_000;

/** The words of clusters as pictures: while a slow map moves, words as elements would cost more than all points. */
export class LabelSprites {
  private readonly texture: WebGLTexture;
  /** Widths in CSS pixels by cluster, and the row. */
  private readonly places: ReadonlyMap<number, { readonly row: number; readonly width: number }>;
  private readonly sheet: Size;

  /** @param element gives font and colors */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    labels: readonly MapLabel[],
    element: HTMLElement,
  ) {
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d');
    if (pen === null) throw new Error(atlasText.noCanvas);
    const { fontFamily, color } = getComputedStyle(element);
    const font = `600 12px ${fontFamily}`;
    pen.font = font;
    this.places = new Map(
      labels.map(({ cluster, text }, row) => [cluster, { row, width: pen.measureText(text).width + 2 * sideGap }]),
    );
    const widths = [...this.places.values()].map(({ width }) => width);
    this.sheet = { width: Math.ceil(Math.max(1, ...widths)), height: Math.max(1, labels.length) * lineHeight };
    canvas.width = this.sheet.width * devicePixelRatio;
    canvas.height = this.sheet.height * devicePixelRatio;
    pen.scale(devicePixelRatio, devicePixelRatio);
    Object.assign(pen, { font, textBaseline: 'middle', fillStyle: color });
    labels.forEach(({ text }, row) => drawText(pen, text, (row + 0.5) * lineHeight));
    this.texture = uploadCanvas(gl, canvas);
  }

  draw(quads: QuadRenderer, labels: readonly PlacedLabel[], size: Size): void {
    quads.draw(
      this.texture,
      labels.flatMap((label) => this.quadOf(label, size)),
    );
  }

  delete(): void {
    this.gl.deleteTexture(this.texture);
  }

  private quadOf({ cluster, x, y }: PlacedLabel, size: Size): readonly Quad[] {
    const place = this.places.get(cluster);
    if (place === undefined) return [];
    const { row, width } = place;
    // On whole pixels of the screen, so that letters stay sharp.
    const whole = (value: number): number => Math.round(value * devicePixelRatio) / devicePixelRatio;
    const [left, top] = [whole(x - width / 2), whole(y - lineHeight / 2)];
    return [
      {
        middle: [(2 * (left + width / 2)) / size.width - 1, 1 - (2 * (top + lineHeight / 2)) / size.height],
        reach: [width / size.width, lineHeight / size.height],
        part: [
          0,
          ((row + 1) * lineHeight) / this.sheet.height,
          width / this.sheet.width,
          -lineHeight / this.sheet.height,
        ],
      },
    ];
  }
}

function drawText(pen: CanvasRenderingContext2D, text: string, y: number): void {
  const paper = getComputedStyle(document.documentElement).getPropertyValue('--paper');
  for (const blur of halo) {
    // A canvas takes shadows in device pixels.
    const shadow = {
      shadowColor: paper,
      shadowBlur: blur * devicePixelRatio,
      shadowOffsetX: beside * devicePixelRatio,
    };
    Object.assign(pen, shadow);
    pen.fillText(text, sideGap - beside, y);
  }
  Object.assign(pen, { shadowColor: 'transparent', shadowBlur: 0, shadowOffsetX: 0 });
  pen.fillText(text, sideGap, y);
}

function uploadCanvas(gl: WebGL2RenderingContext, canvas: HTMLCanvasElement): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, canvas);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  return texture;
}
