import { loadAddon, type AddonState } from '../platform/load-addon.js';

/** What `native/pixels.cc` gives. */
export interface PixelsAddon {
  readonly version: number;
  readonly columns: (
    pixels: Uint8Array,
    width: number,
    ...kernels: [first: Int32Array, count: Int32Array, weights: Int32Array]
  ) => Uint8Array;
  readonly rows: (
    strip: Uint8Array,
    rowBytes: number,
    from: number,
    ...kernels: [first: Int32Array, count: Int32Array, weights: Int32Array]
  ) => Uint8Array;
  /** @param kernel of an odd length, for both directions; the edges are repeated */
  readonly blur: (values: Float32Array, width: number, kernel: Float32Array) => Float32Array;
}

/** Of `native/pixels.cc`. */
const version = 2;
let state: AddonState<PixelsAddon> | null = null;

/** The addon, or why it is not used. */
export function pixelsAddon(): AddonState<PixelsAddon> {
  return (state ??= loadAddon<PixelsAddon>('pixels', version));
}
