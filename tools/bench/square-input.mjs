/**
 * A square image as a segmenter takes it: it fills the model's input, without a margin.
 * @param {Uint8Array} pixels RGB [size, size, 3]
 * @param {number} size of a side, in pixels
 */
export function squareInput(pixels, size) {
  const placement = { width: size, height: size, left: 0, top: 0, paddedWidth: size, paddedHeight: size };
  return { pixels, size, placement };
}
