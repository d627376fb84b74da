import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PanelId } from '../../src/domain/ids.js';
import type { FigureScope } from '../../src/domain/figure-scope.js';
import { dot } from '../../src/domain/vector.js';
import { engineNames, type EngineName } from '../../src/adapters/hnsw/engine.js';
import { HnswVectorIndex } from '../../src/adapters/hnsw/hnsw-vector-index.js';
import { MemoryEmbeddings, NumberScopes, panelOf } from '../support/memory-embeddings.js';

const space = { version: 'c'.repeat(64), dimensions: 32 };
/** More than what is always scanned, so that graphs are asked with a filter. */
const stored = 24_000;
const later = 300;

/** Clusters of twenty: neighbors are near each other, as figures of a kind are. */
function vectorOf(seq: number): Float32Array {
  const cluster = seq % 1200;
  const values = Float32Array.from({ length: space.dimensions }, (_, i) => {
    const center = Math.sin(cluster * (i + 1) * 1.37 + i) + 0.4;
    return center + 0.35 * Math.sin(seq * (i + 3) * 0.77 + 2 * i);
  });
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** Labels have gaps, as after deletes. */
class Table extends MemoryEmbeddings {
  grow(count: number): void {
    for (let i = 0; i < count; i++) {
      const seq = (this.rows.at(-1)?.seq ?? 0) + (this.rows.length % 7 === 0 ? 3 : 1);
      this.add(seq, vectorOf(seq));
    }
  }

  /** The truth, by a plain sort. */
  nearest(query: Float32Array, k: number, allowed: (seq: number) => boolean = () => true): readonly string[] {
    return this.rows
      .filter(({ seq }) => !this.isDeleted(seq) && allowed(seq))
      .map(({ seq, vector }) => ({ seq, score: dot(query, vector) }))
      .sort((a, b) => b.score - a.score || a.seq - b.seq)
      .slice(0, k)
      .map(({ seq }) => panelOf(seq));
  }
}

const queries = Array.from({ length: 40 }, (_, i) => vectorOf(i * 577 + 13));

/** What every engine promises, whichever library does the work. */
export function engineContract(native: boolean): void {
  describe.each(engineNames)(`engine %s, ${native ? 'compiled for this machine' : 'with hnswlib-node'}`, (engine) => {
    let home: string;
    let table: Table;
    let scopes: NumberScopes;
    let searched: HnswVectorIndex;
    const problems: string[] = [];

    beforeAll(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'engine-'));
      table = new Table();
      table.grow(stored);
      scopes = new NumberScopes(table);
      searched = open(home, table, scopes, engine, problems);
      await searched.build();
      table.grow(later);
    }, 120_000);

    afterAll(async () => {
      await searched.close();
      rmSync(home, { recursive: true });
    });

    async function recall(k: number, options: { scope?: FigureScope; allowed?: (seq: number) => boolean } = {}) {
      let found = 0;
      for (const query of queries) {
        const truth = new Set(table.nearest(query, k, options.allowed));
        const { panels } = await searched.search('IMAGE', query, { k, scope: options.scope ?? null });
        expect(panels).toHaveLength(truth.size);
        found += panels.filter(({ panelId }) => truth.has(panelId)).length / Math.max(1, truth.size);
      }
      return found / queries.length;
    }

    it('finds nearly all of the nearest, and those that came after the build', async () => {
      expect(await recall(10)).toBeGreaterThanOrEqual(0.95);
      const newest = table.rows.at(-1)?.seq ?? 0;
      const { panels } = await searched.search('IMAGE', vectorOf(newest), { k: 3 });
      expect(panels[0]?.panelId).toBe(panelOf(newest));
      expect(panels[0]?.score).toBeCloseTo(1, 5);
    });

    it('answers exactly when asked to, and says so', async () => {
      for (const query of queries.slice(0, 10)) {
        const { panels, exact } = await searched.search('IMAGE', query, { k: 25, exact: true });
        expect(panels.map(({ panelId }) => panelId)).toEqual(table.nearest(query, 25));
        expect(exact).toBe(true);
      }
    });

    it.each([
      ['half of all', (seq: number) => seq % 2 === 0],
      ['whole clusters', (seq: number) => seq % 1200 < 700],
      ['a hundredth', (seq: number) => seq % 100 === 0],
      ['four', (seq: number) => seq % 6000 === 0],
      ['none', () => false],
    ])('keeps the recall under a filter that allows %s', async (name, allowed) => {
      expect(await recall(10, { scope: scopes.scope(name, allowed), allowed })).toBeGreaterThanOrEqual(
        0.95 * Number(name !== 'none'),
      );
    });

    it('gives full lists without deleted panels', async () => {
      const [query = new Float32Array()] = queries;
      const deleted = table.nearest(query, 60).slice(0, 40) as PanelId[];
      table.delete(deleted);
      const { panels } = await searched.search('IMAGE', query, { k: 20 });
      expect(panels).toHaveLength(20);
      expect(panels.filter(({ panelId }) => deleted.includes(panelId))).toEqual([]);
      table.restore();
    });

    it('answers every one of many searches at once, and forgets those that were cancelled', async () => {
      const cancelled = new AbortController();
      const asked = Array.from({ length: 200 }, (_, i) =>
        searched.search('IMAGE', vectorOf(i + 1), { k: 1, signal: i % 2 === 0 ? undefined : cancelled.signal }),
      );
      cancelled.abort(new Error('gone'));
      const answers = await Promise.allSettled(asked);
      const kept = answers.filter((_, i) => i % 2 === 0);
      expect(kept.every(({ status }) => status === 'fulfilled')).toBe(true);
      for (const answer of answers) if (answer.status === 'rejected') expect(String(answer.reason)).toMatch(/gone/);
    });

    it('serves the same after a restart, without a build', async () => {
      const again = open(home, table, scopes, engine, problems);
      expect((await again.status()).generation).toBe((await searched.status()).generation);
      for (const query of queries.slice(0, 10)) {
        expect(await again.search('IMAGE', query, { k: 10 })).toEqual(await searched.search('IMAGE', query, { k: 10 }));
      }
      await again.close();
      expect(readdirSync(home)).toHaveLength(1);
      expect(problems).toEqual([]);
    });

    it('takes over a generation that another process published', async () => {
      const other = open(home, table, scopes, engine, problems);
      const manifest = await other.build();
      await other.close();
      const watching = open(home, table, scopes, engine, problems);
      expect((await watching.status()).generation).toBe(manifest?.generation);
      await watching.close();
    });
  });
}

function open(
  home: string,
  embeddings: Table,
  scopes: NumberScopes,
  engine: EngineName,
  problems: string[],
): HnswVectorIndex {
  const sources = { embeddings, panels: embeddings.panels, filters: scopes };
  return new HnswVectorIndex(space, sources, { home, engine, onProblem: (problem) => problems.push(problem) });
}
