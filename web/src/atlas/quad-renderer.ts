import { linkProgram } from './webgl-program';

const vertexShader = `#version 300 es
uniform vec2 middle;
uniform vec2 reach;
uniform vec4 part;
out vec2 at;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  gl_Position = vec4(middle + (2.0 * corner - 1.0) * reach, 0.0, 1.0);
  at = part.xy + corner * part.zw;
}`;

const fragmentShader = `#version 300 es
precision highp float;
uniform sampler2D picture;
in vec2 at;
out vec4 pixel;
void main() {
  pixel = texture(picture, at);
}`;

/** Where a rectangle lies. All numbers in clip coordinates: -1..1 from the left and from the bottom. */
export interface Quad {
  readonly middle: readonly [number, number];
  /** From the middle to the sides. */
  readonly reach: readonly [number, number];
  /** Of the texture: left, first row, width and height, 0..1; all of it where it is left out. */
  readonly part?: readonly [number, number, number, number];
}

const all = [0, 0, 1, 1] as const;

/** Draws rectangles of textures with premultiplied colors. */
export class QuadRenderer {
  private readonly program: WebGLProgram;
  private readonly uniforms: Readonly<Record<'middle' | 'reach' | 'part', WebGLUniformLocation | null>>;
  private readonly shape: WebGLVertexArrayObject;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = linkProgram(gl, vertexShader, fragmentShader);
    this.uniforms = {
      middle: gl.getUniformLocation(this.program, 'middle'),
      reach: gl.getUniformLocation(this.program, 'reach'),
      part: gl.getUniformLocation(this.program, 'part'),
    };
    this.shape = gl.createVertexArray();
  }

  draw(texture: WebGLTexture, quads: readonly Quad[]): void {
    const { gl, uniforms } = this;
    gl.useProgram(this.program);
    gl.bindVertexArray(this.shape);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const { middle, reach, part = all } of quads) {
      gl.uniform2f(uniforms.middle, ...middle);
      gl.uniform2f(uniforms.reach, ...reach);
      gl.uniform4f(uniforms.part, ...part);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
  }

  delete(): void {
    this.gl.deleteVertexArray(this.shape);
    this.gl.deleteProgram(this.program);
  }
}
