import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Box } from '../../src/domain/figure.js';
import { encodePng } from '../../src/imaging/encode.js';
import { drawCompound } from '../../src/samples/panels.js';
import { Random } from '../../src/samples/random.js';
import { drawingOf } from '../support/compound-figure.js';
import { newPlace, run, startServer } from '../support/figseek-process.js';
import { askData, ingestSource } from '../support/source-ingest.js';
import { overlapOf } from '../support/box-overlap.js';

const kinds = ['blood smear', 'survival curve', 'western blot'] as const;
const caption = 'Three methods. (A) A smear of blood. (B) Survival of the mice. (C) A blot of their proteins.';

interface Stored {
  readonly sourceKey: string;
  readonly panels: readonly {
    readonly label: string | null;
    readonly caption: string | null;
    readonly box: Box;
  }[];
}

describe('ingest --split-panels', () => {
  const place = newPlace();
  const { canvas, boxes } = drawCompound(new Random('split'), kinds.map(drawingOf));
  let file: string;
  const stored = async (): Promise<readonly Stored[]> => {
    const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
    const query = '{ figures(first: 9) { nodes { sourceKey panels { label caption box { x y width height } } } } }';
    const { figures } = await askData<{ figures: { nodes: readonly Stored[] } }>(server, query).finally(() =>
      server.stop(),
    );
    return figures.nodes;
  };

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'split-'));
    writeFileSync(path.join(folder, 'compound.png'), await encodePng(canvas.toImage()));
    writeFileSync(path.join(folder, 'single.png'), await encodePng(drawingOf('blood smear')));
    const own = [{ label: 'Z', box: { x: 0, y: 0, width: 50, height: 50 } }];
    const records = [
      { id: 'compound', image: 'compound.png', caption },
      { id: 'single', image: 'single.png', caption: 'A smear of blood.' },
      { id: 'own', image: 'compound.png', caption, panels: own },
    ];
    file = path.join(folder, 'figures.jsonl');
    writeFileSync(file, records.map((record) => JSON.stringify(record)).join('\n'));
  });

  it('stores the panels that image and caption agree on, and leaves those that a record names', async () => {
    expect(await ingestSource(place, file, '--split-panels')).toMatchObject({ added: 3, rejected: 0 });
    const figures = await stored();
    const [compound, single, own] = figures.map(({ panels }) => panels.slice(1));
    expect(compound?.map(({ label, caption: text }) => `${label ?? ''}: ${text ?? ''}`)).toEqual([
      'A: A smear of blood.',
      'B: Survival of the mice.',
      'C: A blot of their proteins.',
    ]);
    // Drawings have white margins, and the letter above a drawing belongs to its panel.
    for (const [at, box] of boxes.entries()) expect(overlapOf(box, compound?.[at]?.box)).toBeGreaterThan(0.75);
    expect([single, own?.map(({ label }) => label)]).toEqual([[], ['Z']]);
  });

  it('finds a figure by the picture and the words of a panel', async () => {
    const { stdout } = await run(place, ['search', 'blot of proteins', '--channels', 'keyword', '--json']);
    const { hits } = JSON.parse(stdout) as {
      hits: readonly { readonly sourceKey: string; readonly panelId: string }[];
    };
    expect(hits[0]).toMatchObject({ sourceKey: 'compound', panelId: expect.stringMatching(/_3$/) as unknown });
  });

  it('does nothing when it is run again, and takes the panels back where they are no longer looked for', async () => {
    expect(await ingestSource(place, file, '--split-panels')).toMatchObject({ unchanged: 3 });
    expect(await ingestSource(place, file)).toMatchObject({ updated: 1, unchanged: 2 });
    expect((await stored())[0]?.panels).toHaveLength(1);
  });
});
