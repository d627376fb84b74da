import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Box } from '../../src/domain/box.js';
import { repositorySet } from '../golden/golden-sets.js';
import { newPlace, run, startServer } from '../support/figseek-process.js';
import { askData, type SourceReport } from '../support/source-ingest.js';

/** The narrow golden detector finds as many panels in this image of noise and shapes. */
const set = repositorySet('dab-detr');
const image = 'images/3.png';
const { images } = JSON.parse(readFileSync(path.join(set.folder, 'cases.json'), 'utf8')) as {
  readonly images: readonly {
    readonly file: string;
    readonly width: number;
    readonly height: number;
    readonly found: { readonly boxes: readonly (readonly number[])[] };
  }[];
};

interface Stored {
  readonly sourceKey: string;
  readonly panelOrigin: string | null;
  readonly panelSuggestion: { readonly origin: string; readonly boxes: readonly Box[] } | null;
  readonly panels: readonly { readonly label: string | null; readonly box: Box }[];
}

describe('an ingest with a panel detector', () => {
  const place = newPlace();
  const env = { FIGSEEK_MODELS: mkdtempSync(path.join(tmpdir(), 'detectors-')), FIGSEEK_SAMPLES: 'never' };
  const count = images.find(({ file }) => file === image)?.found.boxes.length ?? 0;
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].slice(0, count);
  let file: string;

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'detected-'));
    copyFileSync(path.join(set.folder, image), path.join(folder, 'figure.png'));
    const caption = letters.map((letter) => `(${letter}) Part ${letter} of it.`).join(' ');
    const records = [
      { id: 'agrees', image: 'figure.png', caption },
      { id: 'differs', image: 'figure.png', caption: '(A) One half of it. (B) The other half.' },
    ];
    file = path.join(folder, 'figures.jsonl');
    writeFileSync(file, records.map((record) => JSON.stringify(record)).join('\n'));
    const imported = await run(place, ['models', 'import', set.modelFolder(), '--as', 'finds'], env);
    if (imported.code !== 0) throw new Error(imported.stderr);
  });

  async function ingest(more: Readonly<Record<string, string>> = {}): Promise<SourceReport> {
    const { stdout, stderr } = await run(place, ['ingest', file, '--split-panels', '--json'], { ...env, ...more });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as SourceReport;
  }

  async function stored(): Promise<ReadonlyMap<string, Stored>> {
    const server = await startServer(place, env);
    const box = 'box { x y width height }';
    const query = `{ figures(first: 9) { nodes {
      sourceKey panelOrigin panelSuggestion { origin boxes { x y width height } } panels { label ${box} } } } }`;
    const { figures } = await askData<{ figures: { nodes: readonly Stored[] } }>(server, query).finally(() =>
      server.stop(),
    );
    return new Map(figures.nodes.map((figure) => [figure.sourceKey, figure]));
  }

  it('stores its panels where the caption has as many letters, and else keeps them as a suggestion', async () => {
    expect((await run(place, ['models', 'use', 'finds'], env)).code).toBe(0);
    expect(await ingest()).toMatchObject({ added: 2, rejected: 0 });
    const figures = await stored();
    const agrees = figures.get('agrees');
    expect(agrees).toMatchObject({ panelOrigin: 'DETECTOR', panelSuggestion: null });
    expect(agrees?.panels.slice(1).map(({ label }) => label)).toEqual(letters);
    const boxes = agrees?.panels.slice(1).map((panel) => panel.box) ?? [];
    expect(sorted(boxes)).toEqual(sorted(expectedBoxes()));
    expect(figures.get('differs')).toMatchObject({
      panelOrigin: null,
      panelSuggestion: { origin: 'DETECTOR', boxes: { length: count } },
    });
    expect(figures.get('differs')?.panels).toHaveLength(1);
  });

  it('changes nothing when it is run again, and finds panels by rules where no detector is active', async () => {
    expect(await ingest()).toMatchObject({ unchanged: 2 });
    expect((await run(place, ['models', 'use', '--no-panel-detector'], env)).stdout).toMatch(/panels by rules/);
    expect(await ingest()).toMatchObject({ updated: 2 });
    expect((await stored()).get('agrees')?.panelOrigin).not.toBe('DETECTOR');
    expect(await ingest({ FIGSEEK_PANEL_DETECTOR: 'finds' })).toMatchObject({ updated: 2 });
  });

  it('does not begin where its detector is not there, and says what is wrong', async () => {
    const args = ['ingest', file, '--split-panels'];
    const gone = await run(place, args, { ...env, FIGSEEK_PANEL_DETECTOR: 'gone' });
    expect(gone).toMatchObject({ code: 3, stderr: expect.stringMatching(/no usable model package gone/) });
    const other = await run(place, args, { ...env, FIGSEEK_PANEL_DETECTOR: 'starter' });
    expect(other.stderr).toMatch(/starter is a dual-encoder: it finds no panels; choose a panel detector/);
  });

  it('is asked for a name, or told to do without', async () => {
    const { code, stderr } = await run(place, ['models', 'use'], env);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('or --no-panel-detector') });
  });

  /** Those of transformers, in whole pixels within the image. */
  function expectedBoxes(): readonly Box[] {
    const { width = 0, height = 0, found } = images.find((one) => one.file === image) ?? {};
    const within = (at: number, size: number) => Math.min(size, Math.max(0, Math.round(at)));
    return (found?.boxes ?? []).map(([left = 0, top = 0, right = 0, bottom = 0]) => {
      const [x, y] = [within(left, width), within(top, height)];
      return { x, y, width: within(right, width) - x, height: within(bottom, height) - y };
    });
  }

  function sorted(boxes: readonly Box[]): readonly string[] {
    return boxes.map((box) => `${box.x} ${box.y} ${box.width} ${box.height}`).sort();
  }
});
