import { beforeAll, describe, expect, it } from '@jest/globals';
import type { KnownItemEvaluation } from '../../src/evaluation/known-items/evaluate-corpus.js';
import { newPlace, run, writeCorpus } from '../support/figseek-process.js';

describe('figseek eval of a corpus', () => {
  const place = newPlace();
  beforeAll(async () => {
    const { code } = await run(place, ['ingest', await writeCorpus(40)]);
    expect(code).toBe(0);
  });

  const evaluate = async (...options: string[]): Promise<KnownItemEvaluation> => {
    const { code, stdout, stderr } = await run(place, ['eval', '--queries', '4', '--json', ...options]);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as KnownItemEvaluation;
  };

  it('finds ids always, copies mostly, and everything better than chance', async () => {
    const { classes, together, figures, indexRecall } = await evaluate();
    expect(figures).toBe(40);
    const ids = classes.find(({ name }) => name === 'record-ids');
    expect(ids?.ways[0]).toMatchObject({ way: 'FUSED', recallAt1: { mean: 1 }, medianRank: 1 });
    const quarter = classes.find(({ name }) => name === 'copy: quarter size');
    expect(quarter?.ways[0]?.recallAt1.mean).toBeGreaterThan(0.5);
    for (const { ways, chance } of together) {
      expect(ways[0]?.meanReciprocalRank.low).toBeGreaterThan(chance.meanReciprocalRank);
    }
    expect(indexRecall.map(({ channel }) => channel)).toEqual(['IMAGE', 'CAPTION']);
    for (const { recallAt10 } of indexRecall) expect(recallAt10.mean).toBeGreaterThan(0.9);
  });

  it('gives the same numbers for the same seed, and asks other things for another', async () => {
    const once = await evaluate('--seed', 'a');
    expect(await evaluate('--seed', 'a')).toEqual(once);
    expect((await evaluate('--seed', 'b')).queries).not.toEqual(once.queries);
  });

  it('tells a person what was asked, and what could not be', async () => {
    const { code, stdout } = await run(place, ['eval', '--queries', '3']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^starter on 40 figures, by known-item queries made from them/);
    expect(stdout).toMatch(/^The id of a figure \(3 queries\)\n {2}all channels +100\.0 \[100\.0, 100\.0\]/m);
    expect(stdout).toMatch(/^not asked: A DOI \(no article has a DOI\)$/m);
  });

  it('makes no corpus where there is none', async () => {
    const { code, stderr } = await run(newPlace(), ['eval']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/holds no figseek\.db/);
  });
});
