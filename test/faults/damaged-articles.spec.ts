import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { readArticleStream } from '../../src/adapters/sources/jats/article-file.js';
import { readPackage } from '../../src/adapters/sources/jats/article-package.js';
import { FigseekError } from '../../src/domain/errors.js';
import { SeededRandom } from '../../src/domain/seeded-random.js';
import { packageOf } from '../support/archives.js';
import { jatsArticle, nlmArticle } from '../support/articles.js';

/** What files suffer: bytes that change, are lost, doubled or moved. */
function damage(bytes: Buffer, random: () => number): Buffer {
  const at = (): number => Math.floor(random() * bytes.length);
  const [from, to] = [at(), at()].sort((a, b) => a - b) as [number, number];
  switch (Math.floor(random() * 5)) {
    case 0: {
      const changed = Buffer.from(bytes);
      for (let count = 1 + Math.floor(random() * 8); count > 0; count--) changed[at()] = Math.floor(random() * 256);
      return changed;
    }
    case 1:
      return bytes.subarray(0, from);
    case 2:
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
    default:
      return Buffer.concat([bytes.subarray(0, from), Buffer.from('<!--&#0;]]><a b="'), bytes.subarray(to)]);
  }
}

describe('damaged articles', () => {
  it('are read, or refused with a code: 10,000 of them', async () => {
    const random = new SeededRandom('damaged articles');
    const outcomes = { read: 0, refused: 0 };
    for (let count = 0; count < 10_000; count++) {
      const article = count % 2 === 0 ? Buffer.from(jatsArticle) : nlmArticle;
      try {
        await readArticleStream(Readable.from([damage(article, () => random.unit())]));
        outcomes.read++;
      } catch (error) {
        if (!(error instanceof FigseekError)) throw error;
        outcomes.refused++;
      }
    }
    expect(outcomes.read).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(5000);
  });

  it('in archives give items alone: 10,000 of them', async () => {
    const bytes = await packageOf([
      ['PMC1/a.nxml', nlmArticle],
      ['PMC1/acta.g001.png', 'no picture'],
    ]);
    const random = new SeededRandom('damaged archives');
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'damaged-')), 'a.tar');
    const kinds = new Map<string, number>();
    for (let count = 0; count < 10_000; count++) {
      writeFileSync(
        file,
        damage(bytes, () => random.unit()),
      );
      for await (const { kind } of readPackage(file, 'a.tar')) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect(kinds.get('record')).toBeGreaterThan(100);
    expect(kinds.get('fault')).toBeGreaterThan(5000);
  });
});
