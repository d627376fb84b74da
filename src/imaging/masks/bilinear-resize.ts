import type { Placement, RawMask } from '../../domain/segmenter.js';

/**
 * A square map at another size, bilinear with half-pixel centers (torch's interpolate, align_corners=False), of which a
 * window is computed.
 * @param values [side, side]
 * @returns float32 [window height, window width]
 */
function enlarged(
  values: Float32Array,
  side: number,
  [width, height]: readonly [number, number],
  window: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): Float32Array {
  const columns = axisWeights(side, width, window.left, window.width);
  const rows = axisWeights(side, height, window.top, window.height);
  const out = new Float32Array(window.width * window.height);
  let to = 0;
  for (let y = 0; y < window.height; y++) {
    const upper = (rows.low[y] ?? 0) * side;
    const lower = (rows.high[y] ?? 0) * side;
    const down = rows.share[y] ?? 0;
    for (let x = 0; x < window.width; x++) {
      const [left, right, across] = [columns.low[x] ?? 0, columns.high[x] ?? 0, columns.share[x] ?? 0];
      const above = (1 - across) * (values[upper + left] ?? 0) + across * (values[upper + right] ?? 0);
      const below = (1 - across) * (values[lower + left] ?? 0) + across * (values[lower + right] ?? 0);
      out[to++] = (1 - down) * above + down * below;
    }
  }
  return out;
}

interface AxisWeights {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly share: Float64Array;
}

function axisWeights(from: number, to: number, start: number, count: number): AxisWeights {
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  const share = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.max(0, ((start + i + 0.5) * from) / to - 0.5);
    const whole = Math.min(from - 1, Math.floor(at));
    low[i] = whole;
    high[i] = Math.min(from - 1, whole + 1);
    share[i] = at - whole;
  }
  return { low, high, share };
}

/** Logits at the picture's own grid, the padding cut off: float32 [height, width]. */
export function upsampleLogits({ logits, side }: RawMask, placement: Placement): Float32Array {
  const { paddedWidth, paddedHeight, ...window } = placement;
  return enlarged(logits, side, [paddedWidth, paddedHeight], window);
}

/** Probabilities at the working grid, padding included: float32 [size, size]. */
export function upsampleProbabilities({ logits, side }: RawMask, size: number): Float32Array {
  const whole = { left: 0, top: 0, width: size, height: size };
  return enlarged(logits, side, [size, size], whole).map((logit) => 1 / (1 + Math.exp(-logit)));
}
