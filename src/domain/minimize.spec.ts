import { expect, it } from '@jest/globals';
import { minimize } from './minimize.js';

it('finds the minimum of a long, narrow valley', () => {
  const scales = [1, 10, 1000];
  const found = minimize(
    (point, gradient) => {
      let value = 0;
      for (const [at, scale] of scales.entries()) {
        const distance = (point[at] ?? 0) - at;
        value += (scale / 2) * distance * distance;
        gradient[at] = scale * distance;
      }
      return value;
    },
    new Float64Array(3),
    1e-6,
  );
  for (const [at, part] of found.entries()) expect(part).toBeCloseTo(at, 6);
});

it('stays where the gradient is zero, and leaves the start as it is', () => {
  const start = Float64Array.of(0, 0);
  const found = minimize(
    (point, gradient) => {
      for (const [at, part] of point.entries()) gradient[at] = 2 * part;
      return point.reduce((sum, part) => sum + part * part, 0);
    },
    start,
    1e-6,
  );
  expect([found, start]).toEqual([Float64Array.of(0, 0), Float64Array.of(0, 0)]);
});
