import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { figureTypes } from '../../src/domain/figure-classes.js';
import { newPlace, run, startServer, writeCorpus, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';

interface Predicted {
  readonly figureType: string;
  readonly figureTypeProbability: number;
  readonly modality: string | null;
  readonly modalityProbability: number | null;
  readonly method: string;
}

interface Listed {
  readonly figures: {
    readonly total: number;
    readonly nodes: readonly {
      readonly sourceKey: string;
      readonly modality: string | null;
      readonly panels: readonly { readonly predicted: Predicted | null }[];
    }[];
    readonly facets: readonly {
      readonly field: string;
      readonly values: readonly { readonly value: string; readonly count: number }[];
    }[];
  };
}

const query = `query ($filter: FigureFilter) { figures(first: 50, filter: $filter) {
  total facets { field values { value count } }
  nodes { sourceKey modality panels { predicted {
    figureType figureTypeProbability modality modalityProbability method } } } } }`;

describe('what panels are classified as', () => {
  const place = newPlace();
  let server: Server;

  const list = async (filter: object | null = null): Promise<Listed['figures']> => {
    const { data, errors } = await askServer<Listed>(server, query, { filter });
    if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
    return data.figures;
  };
  const command = async <Result>(...args: readonly string[]): Promise<Result> => {
    const { stdout, stderr } = await run(place, [...args, '--json']);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Result;
  };
  const predictions = async () =>
    (await list()).nodes.flatMap(({ panels }) => panels.flatMap(({ predicted }) => predicted ?? []));
  /** The server looks for another head from time to time. */
  const until = async (isDone: (found: readonly Predicted[]) => boolean): Promise<readonly Predicted[]> => {
    for (;;) {
      const found = await predictions();
      if (isDone(found)) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  beforeAll(async () => {
    expect((await run(place, ['ingest', await writeCorpus(24)])).code).toBe(0);
    server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  });
  afterAll(() => server.stop());

  it('is known after an ingest, with probabilities, beside what the records say', async () => {
    const { nodes, total } = await list();
    expect(total).toBe(24);
    for (const { modality, panels } of nodes) {
      expect(modality).not.toBeNull();
      for (const { predicted } of panels) {
        expect(figureTypes).toContain(predicted?.figureType);
        expect(predicted?.figureTypeProbability).toBeGreaterThan(0);
        expect(predicted?.figureTypeProbability).toBeGreaterThanOrEqual(predicted?.modalityProbability ?? 0);
        expect((predicted?.modality ?? null) === null).toBe((predicted?.modalityProbability ?? null) === null);
      }
    }
    expect(await command('classify')).toEqual({ classified: 0 });
  });

  it('is counted and filtered by', async () => {
    const { facets, nodes } = await list();
    const values = facets.find(({ field }) => field === 'figureType')?.values ?? [];
    expect(values.length).toBeGreaterThan(1);
    for (const { value, count } of values) {
      const found = await list({ figureTypes: [value] });
      expect(found.total).toBe(count);
      const having = nodes.filter(({ panels }) => panels.some(({ predicted }) => predicted?.figureType === value));
      expect(found.nodes.map(({ sourceKey }) => sourceKey)).toEqual(having.map(({ sourceKey }) => sourceKey));
    }
    const [first] = values;
    const listed = await command<{ total: number }>('search', '--figure-type', first?.value ?? '');
    expect(listed.total).toBe(first?.count);
  });

  it('refuses a type that there is none of', async () => {
    const { errors } = await askServer(server, query, { filter: { figureTypes: ['sculpture'] } });
    expect(JSON.stringify(errors)).toContain('Expected figureTypes among medical image');
    const { code, stderr } = await run(place, ['search', '--predicted-modality', 'gravity']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('Expected predictedModalities among x-ray');
  });

  it('is what a trained head says after --force, in a running server too, and what the texts say after --reset', async () => {
    const labels = path.join(mkdtempSync(path.join(tmpdir(), 'classes-')), 'labels.jsonl');
    const { nodes } = await list();
    const before = await predictions();
    const lines = nodes.map(({ sourceKey }, at) => JSON.stringify({ id: sourceKey, class: at < 12 ? 'ecg' : 'table' }));
    writeFileSync(labels, lines.join('\n'));
    const train = (...options: readonly string[]) =>
      command<{ isWritten: boolean; classified: number; training: object }>(
        ...['classify', 'train', '--labels', labels, '--group-by', 'figures', ...options],
      );
    // The order of figures is no kind of figure: nothing is certainly better than the other.
    expect(await train('--write')).toMatchObject({ isWritten: false, training: { isBetter: false, figures: 24 } });
    const forced = await train('--write', '--force');
    expect(forced.isWritten).toBe(true);
    const byHead = await until((found) => found.every(({ method }) => method !== 'ZERO_SHOT'));
    const named = byHead.filter(({ method }) => method === 'LINEAR_HEAD');
    expect(named).not.toHaveLength(0);
    for (const { modality, figureType } of named) expect(modality ?? figureType).toMatch(/^(?:ecg|table)$/);
    const { stdout } = await run(place, ['classify', 'train', '--reset']);
    expect(stdout).toMatch(/^Panels are classified by the prompts again: \d+ panels? done now/);
    expect(await command('classify', 'train', '--reset')).toEqual({ classified: expect.any(Number) });
    expect(await until((found) => found.every(({ method }) => method !== 'LINEAR_HEAD'))).toEqual(before);
  });
});
