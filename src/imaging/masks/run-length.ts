import type { Bitmap } from './components.js';

/** A mask in COCO's compressed form. */
export interface RunLength {
  /** [height, width] */
  readonly size: readonly [number, number];
  readonly counts: string;
}

/** Lengths of the runs of outside and inside in turn, column by column, the first one outside. */
export function runsOf({ width, height, data }: Bitmap): readonly number[] {
  const runs: number[] = [];
  let [value, length] = [0, 0];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const next = data[y * width + x] ?? 0;
      if (next === value) length += 1;
      else {
        runs.push(length);
        [value, length] = [next, 1];
      }
    }
  }
  runs.push(length);
  return runs;
}

/**
 * COCO's compressed run lengths, as pycocotools writes them (cocoapi/common/maskApi.c, rleToString): from the fourth run
 * on the difference to the run before the last; six-bit characters from “0”, five bits of the number each, low bits
 * first, the sixth bit says that more follow.
 */
export function encodeRunLength(mask: Bitmap): RunLength {
  const runs = runsOf(mask);
  let counts = '';
  runs.forEach((run, i) => {
    let rest = i > 2 ? run - (runs[i - 2] ?? 0) : run;
    for (let more = true; more;) {
      const bits = rest & 0x1f;
      rest >>= 5;
      // The sign is that of the last group's highest bit.
      more = (bits & 0x10) === 0 ? rest !== 0 : rest !== -1;
      counts += String.fromCharCode(48 + (more ? bits | 0x20 : bits));
    }
  });
  return { size: [mask.height, mask.width], counts };
}

/**
 * The mask of which `encodeRunLength` made this.
 * @param size longest side, each pixel that of its middle; never enlarged; null for the mask's own size
 */
export function decodeRunLength(
  { size: [high, wide], counts }: RunLength,
  size: number | null = null,
): Bitmap & { readonly data: Uint8Array<ArrayBuffer> } {
  const columns = columnsOf(counts, wide * high);
  const scale = size === null ? 1 : Math.min(1, size / Math.max(wide, high));
  const [width, height] = [wide, high].map((side) => Math.max(1, Math.round(side * scale))) as [number, number];
  const data = new Uint8Array(width * height);
  const rows = Uint32Array.from({ length: height }, (_, y) => Math.floor(((y + 0.5) * high) / height));
  const starts = Uint32Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * wide) / width) * high);
  // In tiles, so that neither side of the turn leaves the processor's cache at each step.
  for (let top = 0; top < height; top += tile) {
    const bottom = Math.min(height, top + tile);
    for (let x = 0; x < width; x++) {
      const start = starts[x] ?? 0;
      for (let y = top; y < bottom; y++) data[y * width + x] = columns[start + (rows[y] ?? 0)] ?? 0;
    }
  }
  return { width, height, data };
}

const tile = 64;

/** 1 inside, column by column. */
function columnsOf(counts: string, length: number): Uint8Array {
  const columns = new Uint8Array(length);
  let [at, value] = [0, 0];
  for (const run of decodedRuns(counts)) {
    if (value === 1) columns.fill(1, at, at + run);
    at += run;
    value = 1 - value;
  }
  return columns;
}

function decodedRuns(counts: string): readonly number[] {
  const runs: number[] = [];
  let [rest, shift] = [0, 0];
  for (let at = 0; at < counts.length; at++) {
    const bits = counts.charCodeAt(at) - 48;
    rest |= (bits & 0x1f) << shift;
    shift += 5;
    if ((bits & 0x20) !== 0) continue;
    // The highest bit of the last group is the sign.
    if ((bits & 0x10) !== 0) rest |= -1 << shift;
    runs.push(runs.length > 2 ? rest + (runs[runs.length - 2] ?? 0) : rest);
    [rest, shift] = [0, 0];
  }
  return runs;
}
