import type { Size, ViewBox } from './view-box';
import { linkProgram } from './webgl-program';

const vertexShader = `#version 300 es
in vec2 place;
in vec4 color;
uniform vec2 middle;
uniform vec2 unit;
uniform float size;
out vec4 shade;
void main() {
  gl_Position = vec4((place - middle) * unit, 0.0, 1.0);
  gl_PointSize = size;
  shade = color;
}`;

/** A round point with a soft edge of one pixel. */
const fragmentShader = `#version 300 es
precision highp float;
in vec4 shade;
uniform float size;
out vec4 pixel;
void main() {
  float distance = length(gl_PointCoord - 0.5) * size;
  float cover = 1.0 - smoothstep(0.5 * size - 1.0, 0.5 * size, distance);
  float alpha = shade.a * cover;
  pixel = vec4(shade.rgb * alpha, alpha);
}`;

/** What is drawn of the map. */
export interface MapFrame {
  readonly view: ViewBox;
  /** In CSS pixels. */
  readonly size: Size;
  /** The diameter of a point in CSS pixels. */
  readonly pointSize: number;
}

/** Draws points into the framebuffer that is bound, in an order in which each part is spread over the whole. */
export class PointRenderer {
  private readonly program: WebGLProgram;
  private readonly uniforms: Readonly<Record<'middle' | 'unit' | 'size', WebGLUniformLocation | null>>;
  private readonly shape: WebGLVertexArrayObject;
  private readonly places: WebGLBuffer;
  private readonly colors: WebGLBuffer;
  /** The row of each point in the order of drawing. */
  private readonly order: Uint32Array;

  /** @param top rows that are drawn over the others; null: none */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    { x, y }: { readonly x: Float32Array; readonly y: Float32Array },
    top: ReadonlySet<number> | null,
  ) {
    this.program = linkProgram(gl, vertexShader, fragmentShader);
    this.uniforms = {
      middle: gl.getUniformLocation(this.program, 'middle'),
      unit: gl.getUniformLocation(this.program, 'unit'),
      size: gl.getUniformLocation(this.program, 'size'),
    };
    this.order = withLast(scattered(x.length), top);
    const places = new Float32Array(2 * x.length);
    this.order.forEach((row, at) => {
      places[2 * at] = x[row] ?? 0;
      places[2 * at + 1] = y[row] ?? 0;
    });
    this.shape = gl.createVertexArray();
    gl.bindVertexArray(this.shape);
    this.places = this.bindAttribute({ name: 'place', size: 2, type: gl.FLOAT, normalized: false });
    gl.bufferData(gl.ARRAY_BUFFER, places, gl.STATIC_DRAW);
    this.colors = this.bindAttribute({ name: 'color', size: 4, type: gl.UNSIGNED_BYTE, normalized: true });
  }

  /** @param colors uint8 [count, 4]: red, green, blue, opacity */
  setColors(colors: Uint8Array): void {
    const { gl } = this;
    // A color is one number of 32 bits.
    const byRow = new Uint32Array(colors.buffer, colors.byteOffset, this.order.length);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.colors);
    gl.bufferData(
      gl.ARRAY_BUFFER,
      this.order.map((row) => byRow[row] ?? 0),
      gl.DYNAMIC_DRAW,
    );
  }

  /** Draws the points from a place in the order to another one, over what is there. */
  draw({ view, size, pointSize }: MapFrame, from: number, to: number): void {
    const { gl, uniforms } = this;
    gl.useProgram(this.program);
    gl.bindVertexArray(this.shape);
    gl.uniform2f(uniforms.middle, view.x, view.y);
    gl.uniform2f(uniforms.unit, (2 * view.scale) / size.width, (-2 * view.scale) / size.height);
    gl.uniform1f(uniforms.size, Math.max(2, pointSize * devicePixelRatio));
    gl.drawArrays(gl.POINTS, from, Math.min(to, this.order.length) - from);
  }

  delete(): void {
    for (const buffer of [this.places, this.colors]) this.gl.deleteBuffer(buffer);
    this.gl.deleteVertexArray(this.shape);
    this.gl.deleteProgram(this.program);
  }

  /** Makes a buffer for an attribute; it stays bound. */
  private bindAttribute({ name, size, type, normalized }: Attribute): WebGLBuffer {
    const { gl } = this;
    const buffer = gl.createBuffer();
    const location = gl.getAttribLocation(this.program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, type, normalized, 0, 0);
    return buffer;
  }
}

/** @param last rows that come last, in their order */
function withLast(order: Uint32Array, last: ReadonlySet<number> | null): Uint32Array {
  if (last === null || last.size === 0) return order;
  const [first, rest] = [order.filter((row) => !last.has(row)), order.filter((row) => last.has(row))];
  order.set(first);
  order.set(rest, first.length);
  return order;
}

/** All rows in an order in which each part is spread over the whole: steps of the golden ratio. */
function scattered(count: number): Uint32Array {
  let step = Math.max(1, Math.round(0.618 * count));
  while (greatestDivisor(step, count) !== 1) step++;
  return Uint32Array.from({ length: count }, (_, at) => (at * step) % count);
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}

interface Attribute {
  readonly name: string;
  readonly size: number;
  readonly type: number;
  readonly normalized: boolean;
}
