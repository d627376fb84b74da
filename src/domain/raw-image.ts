/** Decoded pixels: 8-bit RGB, row-major, interleaved; `data.length === width * height * 3`. */
export interface RawImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
