import type { MapFrame } from './point-renderer';
import type { Quad } from './quad-renderer';

/** A picture of the map in a texture: it is moved and scaled to other views, until a new one is made. */
export class MapPicture {
  readonly texture: WebGLTexture;
  private readonly buffer: WebGLFramebuffer;
  /** Points that were drawn into it. */
  drawn = 0;

  /** @param frame what it shows; its size in device pixels is whole */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    readonly frame: MapFrame,
  ) {
    const [width, height] = this.pixels();
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    this.buffer = gl.createFramebuffer();
    this.within(() => {
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
    });
  }

  /** Takes what the canvas shows now. */
  copyCanvas(): void {
    this.gl.bindTexture(this.gl.TEXTURE_2D, this.texture);
    this.gl.copyTexSubImage2D(this.gl.TEXTURE_2D, 0, 0, 0, 0, 0, ...this.pixels());
  }

  /** Draws into the picture instead of the canvas. */
  within(draw: () => void): void {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.buffer);
    gl.viewport(0, 0, ...this.pixels());
    draw();
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  delete(): void {
    this.gl.deleteFramebuffer(this.buffer);
    this.gl.deleteTexture(this.texture);
  }

  private pixels(): readonly [number, number] {
    const { width, height } = this.frame.size;
    return [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
  }
}

/** Where a drawing lies on the canvas of another one. */
export function placeIn({ view: own, size: ownSize }: MapFrame, { view, size }: MapFrame): Quad {
  const growth = view.scale / own.scale;
  return {
    middle: [((own.x - view.x) * 2 * view.scale) / size.width, ((view.y - own.y) * 2 * view.scale) / size.height],
    reach: [(ownSize.width * growth) / size.width, (ownSize.height * growth) / size.height],
  };
}

/** Whether a rectangle leaves nothing of the canvas free. */
export function coversCanvas({ middle, reach }: Quad): boolean {
  return middle.every((at, axis) => Math.abs(at) + 1 <= (reach[axis] ?? 0) + 1e-6);
}
