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

/** The mask of which `encodeRunLength` made this. */
export function decodeRunLength({ size: [height, width], counts }: RunLength): Bitmap {
  const data = new Uint8Array(width * height);
  let [at, value] = [0, 0];
  for (const run of decodedRuns(counts)) {
    if (value === 1) {
      for (let i = at; i < at + run; i++) data[(i % height) * width + Math.floor(i / height)] = 1;
    }
    at += run;
    value = 1 - value;
  }
  return { width, height, data };
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
