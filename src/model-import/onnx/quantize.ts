/**
 * Seven bits of the eight: processors without VNNI add two products of bytes in 16 bits, and 2 · 255 · 127 saturates
 * there without a word (ONNX Runtime's AVX2 kernels, vpmaddubsw), while 2 · 255 · 63 does not.
 */
const largest = 63;

interface Quantized {
  readonly integers: Int8Array;
  /** float32 [columns] */
  readonly scales: Float32Array;
}

/** A matrix → integers of -63…63 and a scale a column, so that integer · scale is the value, rounded. */
export function quantizeColumns(values: Float32Array, [rows, columns]: readonly [number, number]): Quantized {
  const scales = new Float32Array(columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      scales[c] = Math.max(scales[c] ?? 0, Math.abs(values[r * columns + c] ?? 0) / largest);
    }
  }
  const integers = new Int8Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const scale = scales[c] ?? 0;
      const at = r * columns + c;
      integers[at] = scale === 0 ? 0 : Math.round((values[at] ?? 0) / scale);
    }
  }
  return { integers, scales };
}
