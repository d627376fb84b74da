import type { Random } from './random.js';

// Looked up once: inside a test runner's VM context every access to a global is slow, and these run for every pixel.
const { abs, atan2, cos, max, min, sin, sqrt } = Math;

/** A region of the plane: signed distance in pixels (negative inside) and the rectangle that holds it. */
export interface Shape {
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
  distance(x: number, y: number): number;
  /** Of a union: painting them one by one is far quicker than asking for the nearest of hundreds. */
  readonly parts?: readonly Shape[];
}

export type Point = readonly [x: number, y: number];

export function circle(cx: number, cy: number, radius: number): Shape {
  return {
    box: [cx - radius, cy - radius, cx + radius, cy + radius],
    distance: (x, y) => sqrt((x - cx) ** 2 + (y - cy) ** 2) - radius,
  };
}

/** `angle` in radians, clockwise on the screen. */
export function ellipse(cx: number, cy: number, rx: number, ry: number, angle = 0): Shape {
  const cosine = cos(angle);
  const sine = sin(angle);
  const reach = max(rx, ry);
  return {
    box: [cx - reach, cy - reach, cx + reach, cy + reach],
    distance: (x, y) => {
      const u = (x - cx) * cosine + (y - cy) * sine;
      const v = (y - cy) * cosine - (x - cx) * sine;
      const k = sqrt((u / rx) ** 2 + (v / ry) ** 2);
      const slope = sqrt((u / rx ** 2) ** 2 + (v / ry ** 2) ** 2);
      return slope < 1e-9 ? -min(rx, ry) : (k * (k - 1)) / slope;
    },
  };
}

/** An ellipse with an uneven edge; `wobble` is the unevenness as a part of the radius. */
export function blob(random: Random, cx: number, cy: number, rx: number, ry: number, wobble = 0.1, angle = 0): Shape {
  const waves = [2, 3, 4, 5, 7].map((turns) => ({
    turns,
    height: (wobble * random.normal() * 1.2) / sqrt(turns),
    phase: random.between(0, 6.283),
  }));
  const cosine = cos(angle);
  const sine = sin(angle);
  const reach = max(rx, ry) * (1 + 3 * wobble);
  const scale = min(rx, ry);
  return {
    box: [cx - reach, cy - reach, cx + reach, cy + reach],
    distance: (x, y) => {
      const u = ((x - cx) * cosine + (y - cy) * sine) / rx;
      const v = ((y - cy) * cosine - (x - cx) * sine) / ry;
      const around = atan2(v, u);
      let edge = 1;
      for (const wave of waves) edge += wave.height * cos(wave.turns * around + wave.phase);
      return (sqrt(u * u + v * v) - edge) * scale;
    },
  };
}

export function rectangle(left: number, top: number, width: number, height: number, round = 0): Shape {
  const cx = left + width / 2;
  const cy = top + height / 2;
  return {
    box: [left, top, left + width, top + height],
    distance: (x, y) => {
      const dx = abs(x - cx) - width / 2 + round;
      const dy = abs(y - cy) - height / 2 + round;
      const outside = sqrt(max(dx, 0) ** 2 + max(dy, 0) ** 2);
      return outside + min(max(dx, dy), 0) - round;
    },
  };
}

/** A thick line with round ends. */
export function stroke([x0, y0]: Point, [x1, y1]: Point, width: number, endWidth = width): Shape {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const square = max(dx * dx + dy * dy, 1e-9);
  const reach = max(width, endWidth) / 2;
  return {
    box: [min(x0, x1) - reach, min(y0, y1) - reach, max(x0, x1) + reach, max(y0, y1) + reach],
    distance: (x, y) => {
      const t = min(max(((x - x0) * dx + (y - y0) * dy) / square, 0), 1);
      const away = sqrt((x - x0 - t * dx) ** 2 + (y - y0 - t * dy) ** 2);
      return away - (width + (endWidth - width) * t) / 2;
    },
  };
}

export function polygon(points: readonly Point[]): Shape {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const edges = points.map((from, i) => ({ from, to: points[(i + 1) % points.length] ?? from }));
  return {
    box: [min(...xs), min(...ys), max(...xs), max(...ys)],
    distance: (x, y) => {
      let nearest = 1e9;
      let inside = false;
      for (const { from, to } of edges) {
        const ex = to[0] - from[0];
        const ey = to[1] - from[1];
        const t = min(max(((x - from[0]) * ex + (y - from[1]) * ey) / (ex * ex + ey * ey + 1e-9), 0), 1);
        nearest = min(nearest, (x - from[0] - t * ex) ** 2 + (y - from[1] - t * ey) ** 2);
        if (from[1] > y !== to[1] > y && x < (ex * (y - from[1])) / ey + from[0]) inside = !inside;
      }
      return inside ? -sqrt(nearest) : sqrt(nearest);
    },
  };
}

/** A closed curve through the points (Catmull-Rom). */
export function smoothPolygon(points: readonly Point[], steps = 6): Shape {
  const count = points.length;
  const at = (i: number): Point => points[(i + count) % count] ?? [0, 0];
  const curve: Point[] = [];
  for (let i = 0; i < count; i++) {
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      const along = (axis: 0 | 1): number => {
        const [a, b, c, d] = [at(i - 1)[axis], at(i)[axis], at(i + 1)[axis], at(i + 2)[axis]];
        return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
      };
      curve.push([along(0), along(1)]);
    }
  }
  return polygon(curve);
}

export function union(...shapes: readonly Shape[]): Shape {
  return {
    parts: shapes,
    box: [
      min(...shapes.map((shape) => shape.box[0])),
      min(...shapes.map((shape) => shape.box[1])),
      max(...shapes.map((shape) => shape.box[2])),
      max(...shapes.map((shape) => shape.box[3])),
    ],
    distance: (x, y) => {
      let nearest = 1e9;
      for (const shape of shapes) nearest = min(nearest, shape.distance(x, y));
      return nearest;
    },
  };
}

/** The band of `width` pixels around the edge. */
export function outline(shape: Shape, width: number): Shape {
  const [left, top, right, bottom] = shape.box;
  return {
    box: [left - width, top - width, right + width, bottom + width],
    distance: (x, y) => abs(shape.distance(x, y)) - width / 2,
  };
}
