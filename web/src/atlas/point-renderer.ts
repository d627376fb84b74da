import { atlasText } from './atlas-text';
import type { Size, ViewBox } from './view-box';

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

/** How one frame is drawn. */
export interface Frame {
  /** In CSS pixels. */
  readonly pointSize: number;
  /** Of the points, 0..1: the first ones are drawn. */
  readonly share: number;
}

/** Draws points with WebGL 2: one call a frame. */
export class PointRenderer {
  private readonly gl: WebGL2RenderingContext;
  private readonly uniforms: Readonly<Record<'middle' | 'unit' | 'size', WebGLUniformLocation | null>>;
  private readonly colors: WebGLBuffer;
  /** The row of each point in the order of drawing. */
  private readonly order: Uint32Array;

  private constructor(
    private readonly canvas: HTMLCanvasElement,
    gl: WebGL2RenderingContext,
    { x, y }: { readonly x: Float32Array; readonly y: Float32Array },
  ) {
    this.gl = gl;
    const program = linkProgram(gl);
    gl.useProgram(program);
    this.uniforms = {
      middle: gl.getUniformLocation(program, 'middle'),
      unit: gl.getUniformLocation(program, 'unit'),
      size: gl.getUniformLocation(program, 'size'),
    };
    this.order = scattered(x.length);
    const places = new Float32Array(2 * x.length);
    this.order.forEach((row, at) => {
      places[2 * at] = x[row] ?? 0;
      places[2 * at + 1] = y[row] ?? 0;
    });
    bindAttribute(gl, program, { name: 'place', size: 2, type: gl.FLOAT, normalized: false });
    gl.bufferData(gl.ARRAY_BUFFER, places, gl.STATIC_DRAW);
    this.colors = bindAttribute(gl, program, { name: 'color', size: 4, type: gl.UNSIGNED_BYTE, normalized: true });
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Null where the browser has no WebGL 2. */
  static open(
    canvas: HTMLCanvasElement,
    places: { readonly x: Float32Array; readonly y: Float32Array },
  ): PointRenderer | null {
    const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, premultipliedAlpha: true });
    return gl === null ? null : new PointRenderer(canvas, gl, places);
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

  /** @param size of the canvas in CSS pixels */
  draw(view: ViewBox, { width, height }: Size, { pointSize, share }: Frame): void {
    const { gl, canvas, uniforms } = this;
    const ratio = devicePixelRatio;
    const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    gl.viewport(0, 0, w, h);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(uniforms.middle, view.x, view.y);
    gl.uniform2f(uniforms.unit, (2 * view.scale) / width, (-2 * view.scale) / height);
    gl.uniform1f(uniforms.size, Math.max(2, pointSize * ratio));
    gl.drawArrays(gl.POINTS, 0, Math.ceil(share * this.order.length));
  }

  /** Gives the memory of the graphics card back. */
  close(): void {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
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

function linkProgram(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) throw new Error(atlasText.noShader);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true) {
    throw new Error(atlasText.notDrawn(gl.getProgramInfoLog(program) ?? atlasText.noReason));
  }
  return program;
}

interface Attribute {
  readonly name: string;
  readonly size: number;
  readonly type: number;
  readonly normalized: boolean;
}

/** Makes a buffer for an attribute; it stays bound. */
function bindAttribute(
  gl: WebGL2RenderingContext,
  program: WebGLProgram,
  { name, size, type, normalized }: Attribute,
): WebGLBuffer {
  const buffer = gl.createBuffer();
  const location = gl.getAttribLocation(program, name);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.enableVertexAttribArray(location);
  gl.vertexAttribPointer(location, size, type, normalized, 0, 0);
  return buffer;
}
