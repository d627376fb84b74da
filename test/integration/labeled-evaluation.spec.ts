import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { LabeledEvaluation } from '../../src/app/evaluate-file.js';
import type { KnownItemEvaluation } from '../../src/evaluation/known-items/evaluate-corpus.js';
import { newPlace, run } from '../support/figseek-process.js';

describe('figseek eval of a labeled set', () => {
  const place = newPlace();
  const folder = mkdtempSync(path.join(tmpdir(), 'labeled-'));
  const file = path.join(folder, 'figures.jsonl');
  beforeAll(async () => {
    const { code, stdout } = await run(place, ['samples', 'write', folder, '--count', '60']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^60 figures and \d+ true masks were written/);
  });

  it('takes the set that figseek writes as an example: captions, labels, groups, prompts and masks', async () => {
    const prompts = path.join(folder, 'prompts.json');
    const { code, stdout } = await run(place, ['eval', file, '--prompts', prompts, '--json']);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as LabeledEvaluation;
    expect(result).toMatchObject({ model: 'starter', records: 60, leftOut: [], against: null });
    expect(result.captionToImage.intervals.recallAt10?.low).toBeGreaterThan(result.captionToImage.chanceAt10);
    expect(result.imageToCaption.recallAt50).toBeGreaterThan(result.imageToCaption.recallAt1);
    const { majorityVote, majorityChance } = result.labelNeighbors ?? {};
    expect(majorityVote?.low).toBeGreaterThan(majorityChance ?? 1);
    expect(result.zeroShot?.accuracy.low).toBeGreaterThan(result.zeroShot?.chance ?? 1);
    const [all, ...each] = result.masks?.figures ?? [];
    expect(all).toMatchObject({ prompt: null });
    expect(each.length).toBeGreaterThan(5);
    expect(all?.dice.mean).toBeGreaterThan(0.4);
    expect(all?.iou.mean).toBeLessThan(all?.dice.mean ?? 0);
  });

  it('compares a model with itself without a difference, and tells a person', async () => {
    const report = path.join(folder, 'report.html');
    const { code, stdout } = await run(place, [
      'eval',
      file,
      '--split',
      'test',
      '--against',
      'starter',
      '--report',
      report,
    ]);
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('Compared with “starter”');
    expect(page).not.toMatch(/<script|<link|src="(?!data:image\/)/);
    for (const picture of page.match(/<img [^>]*>/g) ?? []) expect(picture).toMatch(/alt="figure drawn-/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^caption → image: R@1 [\d.]+ % \[/m);
    expect(stdout).toMatch(
      /^starter less starter, on the same records:\n {2}caption → image, MRR \(\d+\): \+0\.0 % \[0\.0, 0\.0\], p 1\.0000$/m,
    );
    expect(stdout).toMatch(/^masks by starter-segmenter, 0 records left out$/m);
  });

  it('measures the search over the set, asked with captions that are not stored', async () => {
    const options = ['--split', 'test', '--search', '--withhold', 'caption', 'labels', '--queries', '2'];
    const { code, stdout } = await run(place, ['eval', file, ...options, '--query', 'a scan=CT', '--json']);
    expect(code).toBe(0);
    const { classes, absent, figures } = JSON.parse(stdout) as KnownItemEvaluation;
    const captions = classes.find(({ name }) => name === 'captions');
    expect(captions?.queries).toBe(figures);
    // Without captions there is nothing that words could find them by.
    const byWords = captions?.ways.find(({ way }) => way === 'KEYWORD');
    const byImages = captions?.ways.find(({ way }) => way === 'IMAGE');
    expect(byImages?.meanReciprocalRank.mean).toBeGreaterThan(byWords?.meanReciprocalRank.mean ?? 1);
    expect(absent.map(({ name }) => name)).toContain('rare-words');
  });

  it('has images, masks and judgments that exist', () => {
    const records = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; image: string; masks: { file: string }[] });
    const files = records.flatMap(({ image, masks }) => [image, ...masks.map((mask) => mask.file)]);
    expect(files.filter((name) => !existsSync(path.join(folder, name)))).toEqual([]);
    const ids = new Set(records.map(({ id }) => id));
    const judged = readFileSync(path.join(folder, 'judgments.jsonl'), 'utf8').trim().split('\n');
    for (const line of judged) {
      const { relevant } = JSON.parse(line) as { relevant: string[] };
      expect(relevant.filter((id) => !ids.has(id))).toEqual([]);
    }
  });
});
