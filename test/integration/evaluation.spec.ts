import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

  it('asks judged texts as well, and refuses judgments of figures that are not there', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'judgments-')), 'judged.jsonl');
    const { queries } = await evaluate();
    const [phrase] = queries.filter((one) => one.class === 'phrases');
    writeFileSync(file, JSON.stringify({ text: phrase?.asked, relevant: [phrase?.figureId] }));
    const judged = (await evaluate('--judgments', file)).classes.find(({ name }) => name === 'judged');
    expect(judged).toMatchObject({ queries: 1, wanted: 1 });
    expect(judged?.ways[0]?.medianRank).toBe(phrase?.ranks.FUSED);
    writeFileSync(file, '{"text": "lung", "relevant": ["no such figure"]}');
    const { code, stderr } = await run(place, ['eval', '--judgments', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/not in the corpus: no such figure/);
  });

  it('compares with other settings on the same texts, in JSON, in words and on the page', async () => {
    const { classes, together, otherSettings } = await evaluate('--against-channels', 'keyword');
    expect(otherSettings).toEqual({ weights: null, channels: ['KEYWORD'], depth: null, expand: null });
    for (const { kind, againstKeyword, againstOther } of [...classes, ...together]) {
      // Words alone are asked in both ways: the two comparisons are one.
      expect(againstOther).toEqual(kind === 'text' ? expect.objectContaining({ ...againstKeyword }) : null);
    }
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'report-')), 'report.html');
    const options = ['--against-weights', 'image=50', '--against-no-expand', '--report', file];
    const { code, stdout } = await run(place, ['eval', '--queries', '3', ...options]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Each text was also asked with other settings: weights IMAGE=50, without synonyms\.$/m);
    const line =
      /^ {2}as it is less the other settings \(MRR [\d.]+\): [+-][\d.]+ \[.*\] \(p [\d.]+\); better for \d+ queries, worse for \d+$/gm;
    expect(stdout.match(line)).toHaveLength(5);
    const page = readFileSync(file, 'utf8');
    expect(page).toContain('<h2>Compared with other settings</h2>');
    expect(page).toContain('--against-weights image=50 --against-no-expand');
  });

  it('changes nothing by other settings that are those of the search', async () => {
    const { together } = await evaluate(
      '--against-weights',
      'image=1,caption=0.5,keyword=1.5',
      '--against-depth',
      '200',
    );
    const same = { difference: { mean: 0, low: 0, high: 0 }, pValue: 1, better: 0, worse: 0 };
    expect(together[0]?.againstOther).toMatchObject(same);
  });

  it('writes one page that needs nothing else, with a text for each picture and plot', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'report-')), 'report.html');
    const { queries } = await evaluate('--report', file);
    const failed = queries.filter(({ ranks }) => ranks.FUSED !== 1);
    const page = readFileSync(file, 'utf8');
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).not.toMatch(/<script|<link|src="(?!data:image\/)|url\(/);
    const pictures = page.match(/<img [^>]*>/g) ?? [];
    expect(failed.length).toBeGreaterThan(0);
    expect(pictures.length).toBeGreaterThanOrEqual(2 * Math.min(failed.length, 3));
    for (const picture of pictures) expect(picture).toMatch(/alt="[^"]{5,}/);
    expect(page.match(/<svg[^>]*role="img"\s+aria-labelledby="[a-z]+-title [a-z]+-text"/g)).toHaveLength(2);
    expect(page).toContain('npx figseek eval --queries 4 --seed 1');
    const { code, stderr } = await run(place, ['eval', '--report', path.join(file, 'below', 'a.html')]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/report cannot be written/) });
  });

  it.each([
    [['--against', 'starter'], '--against'],
    [['--split', 'test'], '--split'],
    [['figures.jsonl', '--samples'], '--samples'],
    [['figures.jsonl', '--against-no-expand'], '--against-no-expand'],
    [['figures.jsonl', '--against-weights', 'image=2'], '--against-weights'],
    [['figures.jsonl', '--withhold', 'alt'], '--withhold'],
    [['figures.jsonl', '--search', '--prompts', 'a.json'], '--prompts'],
  ])('refuses %j, which nothing would read', async (options, named) => {
    const { code, stdout, stderr } = await run(place, ['eval', ...options]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`Expected ${named} for `);
  });

  it('makes no corpus where there is none', async () => {
    const { code, stderr } = await run(newPlace(), ['eval']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/holds no figseek\.db/);
  });
});
