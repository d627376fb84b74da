import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEmbeddings, NumberScopes, panelOf } from '../../../test/support/memory-embeddings.js';
import type { VectorAnswer } from '../../ports/vector-index.js';
import { HnswVectorIndex } from './hnsw-vector-index.js';

const space = { version: 'v'.repeat(64), dimensions: 16 };

class Rows extends MemoryEmbeddings {
  /** Adds `count` vectors with labels that go on from the last one. */
  grow(count: number): void {
    for (let i = 0; i < count; i++) this.add(this.rows.length + 1, vectorOf(this.rows.length + 1));
  }
}

/** A vector for each label, the same in every run, all different. */
function vectorOf(seq: number): Float32Array {
  const values = Float32Array.from({ length: space.dimensions }, (_, i) => Math.sin(seq * (i + 1) * 1.7 + i));
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

function idsOf({ panels }: VectorAnswer): readonly string[] {
  return panels.map(({ panelId }) => panelId);
}

describe('vector space', () => {
  let home: string;
  let rows: Rows;
  let problems: string[];
  const open = (): HnswVectorIndex =>
    new HnswVectorIndex(
      space,
      { embeddings: rows, panels: rows.panels, filters: new NumberScopes(rows) },
      { home, engine: 'hnsw', onProblem: (problem) => problems.push(problem) },
    );

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'space-'));
    rows = new Rows();
    problems = [];
  });

  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  async function nearestTo(searched: HnswVectorIndex, seq: number): Promise<string | undefined> {
    return (await searched.search('IMAGE', vectorOf(seq), { k: 1 })).panels[0]?.panelId;
  }

  it('finds new vectors at once, before and after a build', async () => {
    const searched = open();
    expect(await searched.search('IMAGE', vectorOf(1), { k: 5 })).toEqual({ panels: [], exact: true });
    rows.grow(300);
    expect(await nearestTo(searched, 17)).toBe(panelOf(17));
    await searched.build();
    rows.grow(20);
    expect(await nearestTo(searched, 17)).toBe(panelOf(17));
    expect(await nearestTo(searched, 320)).toBe(panelOf(320));
    expect(await searched.status()).toMatchObject({ indexed: 320, delta: 20, recall: 1 });
    await searched.close();
  });

  it('gives full lists without deleted panels', async () => {
    rows.grow(300);
    const searched = open();
    await searched.build();
    const { panels: before } = await searched.search('IMAGE', vectorOf(5), { k: 60 });
    // More than the index is first asked for beyond k, so that it has to ask again.
    rows.delete(before.slice(0, 40).map(({ panelId }) => panelId));
    const { panels: after } = await searched.search('IMAGE', vectorOf(5), { k: 20 });
    expect(after).toEqual(before.slice(40));
    await searched.close();
  });

  it('passes over a damaged generation, says so, and answers from SQL until the next build', async () => {
    rows.grow(300);
    const first = open();
    await first.build();
    const answers = idsOf(await first.search('IMAGE', vectorOf(9), { k: 10 }));
    await first.close();
    const [generation = ''] = readdirSync(home);
    const file = path.join(home, generation, 'image-0.hnsw');
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000);
    writeFileSync(file, bytes);

    const second = open();
    expect(idsOf(await second.search('IMAGE', vectorOf(9), { k: 10 }))).toEqual(answers);
    expect(problems).toEqual([expect.stringMatching(/image-0\.hnsw differs from its manifest/)]);
    expect(await second.status()).toMatchObject({ generation: null, delta: 300 });
    expect(await second.ensureBuilt()).toBe(true);
    expect(idsOf(await second.search('IMAGE', vectorOf(9), { k: 10 }))).toEqual(answers);
    await second.close();
  });

  it('answers without a break while a new generation takes over', async () => {
    rows.grow(500);
    const searched = open();
    await searched.build();
    const building = searched.build();
    const asked = Array.from({ length: 200 }, (_, i) => nearestTo(searched, i + 1));
    expect(await Promise.all(asked)).toEqual(asked.map((_, i) => panelOf(i + 1)));
    await building;
    await searched.close();
  });

  it('refuses a query vector of another length', async () => {
    await expect(open().search('IMAGE', new Float32Array(4), { k: 3 })).rejects.toThrow(/16/);
  });
});
