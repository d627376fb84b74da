/** A differentiable function: its value at a point, and its gradient, which it writes. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

const memory = 10;
const maxSteps = 500;
const maxHalvings = 40;
/** A step has to gain this share of what the slope promises (Armijo). */
const sufficient = 1e-4;

/** One pair of L-BFGS: a step and the change of the gradient along it. */
interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** Their product. */
  readonly curvature: number;
}

/**
 * Finds the minimum of a smooth convex function by L-BFGS with a backtracking line search.
 * Source: Nocedal and Wright, “Numerical Optimization”, 2nd edition, algorithms 3.1, 7.4 and 7.5.
 * @param start is left as it is
 * @param tolerance ends where no part of the gradient is greater
 */
export function minimize(objective: Objective, start: Float64Array, tolerance: number): Float64Array {
  return drained(minimizeInSteps(objective, start, tolerance));
}

/** The same, with a pause after each step, in which others can have their turn. */
export function* minimizeInSteps(
  objective: Objective,
  start: Float64Array,
  tolerance: number,
): Generator<undefined, Float64Array> {
  let point = Float64Array.from(start);
  let gradient = new Float64Array(start.length);
  let value = objective(point, gradient);
  const corrections: Correction[] = [];
  for (let step = 0; step < maxSteps && gradient.some((part) => Math.abs(part) > tolerance); step++) {
    const direction = descentDirection(gradient, corrections);
    const next = search(objective, { point, value, gradient }, direction, corrections.length === 0);
    if (next === null) break;
    const change = next.gradient.map((part, at) => part - (gradient[at] ?? 0));
    const moved = next.point.map((part, at) => part - (point[at] ?? 0));
    const curvature = product(moved, change);
    if (curvature > 0) corrections.push({ step: moved, change, curvature });
    if (corrections.length > memory) corrections.shift();
    ({ point, value, gradient } = next);
    yield;
  }
  return point;
}

/** Runs work without its pauses. */
export function drained<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

interface Reached {
  readonly point: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
}

/** @returns null where no step gains anything: the precision of the numbers is reached */
function search(objective: Objective, from: Reached, direction: Float64Array, isFirst: boolean): Reached | null {
  const slope = product(from.gradient, direction);
  let length = isFirst ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
  for (let halving = 0; halving < maxHalvings; halving++, length /= 2) {
    const point = from.point.map((part, at) => part + length * (direction[at] ?? 0));
    const gradient = new Float64Array(point.length);
    const value = objective(point, gradient);
    if (value <= from.value + sufficient * length * slope) return { point, value, gradient };
  }
  return null;
}

/** The two loops of L-BFGS: minus the inverse of the curvature times the gradient. */
function descentDirection(gradient: Float64Array, corrections: readonly Correction[]): Float64Array {
  const direction = gradient.map((part) => -part);
  const factors: number[] = [];
  for (const { step, change, curvature } of [...corrections].reverse()) {
    const factor = product(step, direction) / curvature;
    factors.push(factor);
    add(direction, change, -factor);
  }
  const latest = corrections.at(-1);
  if (latest !== undefined) {
    const scale = latest.curvature / product(latest.change, latest.change);
    for (const [at, part] of direction.entries()) direction[at] = part * scale;
  }
  for (const { step, change, curvature } of corrections) {
    const factor = factors.pop() ?? 0;
    add(direction, step, factor - product(change, direction) / curvature);
  }
  return direction;
}

function product(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

function add(to: Float64Array, from: Float64Array, factor: number): void {
  for (let at = 0; at < to.length; at++) to[at] = (to[at] ?? 0) + factor * (from[at] ?? 0);
}
