import type { Box } from '../../domain/box.js';
import type { DetectionLimits, RawDetections } from '../../domain/panel-detector.js';

/** Edges of a detected panel, as shares of the image's width and height; they may reach past it. */
export interface DetectedBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly score: number;
}

/** So many answers are looked at, the best ones (transformers' `post_process_object_detection`). */
const maxAnswers = 100;

/**
 * Answers of a detector that are panels, best first: each score of a query counts, and of boxes that overlap the best one stays.
 * Source: `split_figures` and `process_detections` of VectorInstitute/pmc-data-extraction.
 */
export function selectDetections(
  raw: RawDetections,
  { minScore, maxOverlap }: DetectionLimits,
): readonly DetectedBox[] {
  // Scores are float32, and so is the limit that they are compared with there.
  const least = Math.fround(minScore);
  const labels = raw.scores.length / (raw.boxes.length / 4);
  const best = [...raw.scores.keys()]
    .filter((at) => (raw.scores[at] ?? 0) > least)
    .sort((a, b) => (raw.scores[b] ?? 0) - (raw.scores[a] ?? 0) || a - b)
    .slice(0, maxAnswers);
  const kept: DetectedBox[] = [];
  for (const at of best) {
    const box = toEdges(raw.boxes, Math.floor(at / labels), raw.scores[at] ?? 0);
    if (kept.every((other) => overlap(box, other) < maxOverlap)) kept.push(box);
  }
  return kept;
}

/** @returns whole pixels within the image; none for a panel that does not reach into it */
export function toPixels({ left, top, right, bottom }: DetectedBox, width: number, height: number): readonly Box[] {
  const x = within(left * width, width);
  const y = within(top * height, height);
  const box = { x, y, width: within(right * width, width) - x, height: within(bottom * height, height) - y };
  return box.width > 0 && box.height > 0 ? [box] : [];
}

function within(at: number, size: number): number {
  return Math.min(size, Math.max(0, Math.round(at)));
}

function toEdges(boxes: Float32Array, query: number, score: number): DetectedBox {
  const [x = 0, y = 0, width = 0, height = 0] = boxes.subarray(4 * query, 4 * query + 4);
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2, score };
}

/** Intersection over union; 0 for boxes without an area. */
function overlap(a: DetectedBox, b: DetectedBox): number {
  const width = Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left));
  const height = Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const common = width * height;
  const union = areaOf(a) + areaOf(b) - common;
  return union > 0 ? common / union : 0;
}

function areaOf({ left, top, right, bottom }: DetectedBox): number {
  return (right - left) * (bottom - top);
}
