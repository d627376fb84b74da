import { describe, expect, it } from '@jest/globals';
import { classProbabilities } from './panel-classifier.js';
import { fitLogisticRegression, fitLogisticRegressionInTurns, type Example } from './logistic-regression.js';

const points: readonly (readonly [x: number, y: number, target: number])[] = [
  ...([
    [1, 0.2, 0],
    [0.8, -0.1, 0],
    [0.9, 0.4, 0],
    [-0.5, 1, 1],
    [-0.2, 0.9, 1],
  ] as const),
  ...([
    [-0.7, 0.6, 1],
    [-0.6, -0.8, 2],
    [-0.1, -1, 2],
    [0.3, -0.9, 2],
    [0.1, 0.2, 1],
  ] as const),
];
const examples: readonly Example[] = points.map(([x, y, target]) => ({ vector: Float32Array.of(x, y), target }));

/** What scikit-learn 1.9.1 finds: LogisticRegression(C=1 / penalty, tol=1e-12, max_iter=100000) on the same points. */
const known = [
  {
    penalty: 1,
    weights: [
      [1.111045, 0.227957],
      [-0.716874, 0.924588],
      [-0.39417, -1.152546],
    ],
    biases: [-0.209363, 0.282163, -0.0728],
    last: [0.301796, 0.472394, 0.22581],
  },
  {
    penalty: 0.1,
    weights: [
      [2.793163, 0.667172],
      [-1.688526, 1.950544],
      [-1.104637, -2.617717],
    ],
    biases: [-0.628971, 0.775679, -0.146708],
    last: [0.202727, 0.681992, 0.11528],
  },
];

describe('multinomial logistic regression', () => {
  it.each(known)(
    'finds the weights that scikit-learn finds, penalty $penalty',
    ({ penalty, weights, biases, last }) => {
      const found = fitLogisticRegression(['a', 'b', 'c'], examples, penalty, 1e-9);
      for (const [of, row] of weights.entries()) {
        for (const [at, weight] of row.entries()) expect(found.weights[of]?.[at]).toBeCloseTo(weight, 4);
        // Biases that all move by one number give the same probabilities.
        const shift = (found.biases[0] ?? 0) - (biases[0] ?? 0);
        expect((found.biases[of] ?? 0) - shift).toBeCloseTo(biases[of] ?? 0, 4);
      }
      const probabilities = classProbabilities(found, Float32Array.of(0.1, 0.2));
      for (const [of, share] of last.entries()) expect(probabilities[of]).toBeCloseTo(share, 4);
    },
  );

  it('counts an example by its weight, as if it stood there so often', () => {
    const [first, ...rest] = examples;
    if (first === undefined) throw new Error('Expected an example');
    // What is free of the scaling around the mean: the minimum, as exactly as it is found.
    const twice = fitLogisticRegression(['a', 'b', 'c'], [first, first, ...rest], 0.1, 1e-9);
    const weighted = fitLogisticRegression(['a', 'b', 'c'], [{ ...first, weight: 2 }, ...rest], 0.1, 1e-9);
    const point = Float32Array.of(0.4, -0.3);
    const [one, other] = [twice, weighted].map((found) => classProbabilities(found, point));
    for (const [of, share] of (one ?? []).entries()) expect(other?.[of]).toBeCloseTo(share, 4);
  });

  it('gives the same weights in turns with other work', async () => {
    let turns = 0;
    const others = setInterval(() => (turns += 1), 0);
    const found = await fitLogisticRegressionInTurns(['a', 'b', 'c'], examples, 0.001);
    clearInterval(others);
    expect(found).toEqual(fitLogisticRegression(['a', 'b', 'c'], examples, 0.001));
    expect(turns).toBeGreaterThan(0);
  });

  it('gives the same weights each time', () => {
    const fit = () => fitLogisticRegression(['a', 'b', 'c'], examples, 0.1);
    expect(fit()).toEqual(fit());
  });
});
