type Whole = Uint8Array | Uint16Array | Uint32Array;

/** Planes one after the other → the samples of a pixel side by side. */
export function interleave<Values extends Whole>(planes: Values, samples: number): Values {
  // Not `slice`, which in a Buffer gives the same memory.
  const output = planes.map((value) => value) as Values;
  const pixels = Math.floor(planes.length / samples);
  for (let sample = 0; sample < samples; sample++) {
    for (let i = 0; i < pixels; i++) output[i * samples + sample] = planes[sample * pixels + i] ?? 0;
  }
  return output;
}
