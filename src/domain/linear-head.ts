import { z } from 'zod';
import { findFigureClass } from './figure-classes.js';
import { sha256 } from './ids.js';
import type { LinearWeights } from './panel-classifier.js';
import { bytesToVector, vectorToBytes } from './vector.js';

/** A classifier that was trained on the vectors of one model, as it is kept in the settings of a corpus. */
export interface LinearHead extends LinearWeights {
  /** Tells it from any other. */
  readonly key: string;
}

const storedHead = z.object({
  classes: z.array(z.string()).min(2),
  biases: z.array(z.number()),
  /** Little-endian float32 [classes, dimensions], base64. */
  weights: z.string(),
});
/** Heads by the version of their model. Each one is checked alone, so that a damaged one takes no other with it. */
const setting = z.record(z.string(), z.unknown());
type Setting = z.infer<typeof setting>;

/**
 * @param stored the setting `linear_heads`
 * @returns null where none was trained for the model, or the one that is kept cannot be used: it is damaged, or it has classes
 *   of a newer version
 */
export function linearHeadOf(stored: string | null, version: string, dimensions: number): LinearHead | null {
  const found = storedHead.safeParse(readSetting(stored)[version]).data;
  if (found === undefined) return null;
  const { classes, biases } = found;
  if (classes.some((name) => findFigureClass(name) === null)) return null;
  const bytes = new Uint8Array(Buffer.from(found.weights, 'base64'));
  if (bytes.length !== 4 * classes.length * dimensions || biases.length !== classes.length) return null;
  const all = bytesToVector(bytes);
  const weights = classes.map((_, at) => all.subarray(at * dimensions, (at + 1) * dimensions));
  return { classes, biases, weights, key: sha256(JSON.stringify(found)).slice(0, 16) };
}

/** The setting with another head for one model. @param head null: none */
export function withLinearHead(stored: string | null, version: string, head: LinearWeights | null): string {
  const { [version]: _before, ...others } = readSetting(stored);
  if (head === null) return JSON.stringify(others);
  const weights = Buffer.concat(head.weights.map((row) => vectorToBytes(row))).toString('base64');
  return JSON.stringify({ ...others, [version]: { classes: head.classes, biases: head.biases, weights } });
}

function readSetting(stored: string | null): Setting {
  if (stored === null) return {};
  try {
    return setting.parse(JSON.parse(stored));
  } catch {
    return {};
  }
}
