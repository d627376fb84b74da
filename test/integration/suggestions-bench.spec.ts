import { expect, it } from '@jest/globals';
import { newPlace, run, writeCorpus } from '../support/figseek-process.js';

it('figseek bench suggestions measures both ways over the labels of a corpus', async () => {
  const place = newPlace();
  await run(place, ['ingest', await writeCorpus(60)]);
  const options = ['--min-figures', '4', '--trials', '2', '--ratings', '0,5'];
  const { stdout, stderr, code } = await run(place, ['bench', 'suggestions', ...options, '--json']);
  const measured = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  const share = { mean: expect.any(Number), low: expect.any(Number), high: expect.any(Number) };
  expect({ code, stderr, measured }).toMatchObject({
    code: 0,
    measured: [0, 5].map((ratings) => ({
      ...{ measure: 'suggestions', ratings, topics: expect.any(Number), collections: expect.any(Number) },
      ...{ learned: share, byMean: share, gain: { difference: share, pValue: expect.any(Number) } },
    })),
  });
  const table = await run(place, ['bench', 'suggestions', ...options]);
  expect(table.stdout).toMatch(
    /^ratings +topics +collections +learned .*\n0 +\d+ +\d+ +0\.\d{3} \(0\.\d{3}–0\.\d{3}\)/,
  );
});
