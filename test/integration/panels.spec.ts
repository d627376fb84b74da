import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import type { Box } from '../../src/domain/figure.js';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { bytesToVector, dot } from '../../src/domain/vector.js';
import { encodeJpeg, encodePng } from '../../src/imaging/encode.js';
import { drawingOf } from '../support/compound-figure.js';
import { newPlace, run, startServer, type Place, type Server } from '../support/figseek-process.js';
import { maxDifference } from '../golden/golden-cases.js';
import { withOrientation } from '../support/jpeg-orientation.js';
import { askServer } from '../support/mask-server.js';
import {
  panelFigure,
  panelFigures,
  panelOf,
  recordOf,
  writeImages,
  type PanelFigure,
} from '../support/panel-figures.js';
import { twoModels } from '../support/two-models.js';

const drawn = panelFigures(9);
/** Made for masks: a panel that the starter segmenter knows, beside others. */
const chest = panelFigure('chest', [
  { caption: 'A blood smear.', drawing: drawingOf('blood smear') },
  { caption: 'A chest radiograph.', drawing: drawingOf('chest radiograph') },
]);
const figures = [...drawn, chest];
const parts = figures.flatMap(({ panels }) => panels);
/** The whole figures, too. */
const allPanels = parts.length + figures.length;

interface Report {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly faults: readonly { readonly sourceKey: string; readonly code: string; readonly message: string }[];
}

interface Hit {
  readonly figure: { readonly id: string };
  readonly panel: { readonly id: string; readonly label: string | null };
  readonly snippet: string | null;
}

interface Drawn {
  readonly id: string;
  readonly status: string;
  readonly areaPixels: number;
  readonly boxes: readonly Box[];
  readonly panel: { readonly id: string };
}

async function ingest(
  place: Place,
  file: string,
  records: readonly object[],
  env: Record<string, string> = {},
): Promise<Report> {
  writeFileSync(file, records.map((record) => JSON.stringify(record)).join('\n'));
  const { stdout, stderr } = await run(place, ['ingest', file, '--json'], env);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

async function query<Row>({ data }: Place, sql: string, values: readonly string[] = []): Promise<readonly Row[]> {
  const database = await Database.open(data);
  try {
    return await database.reader.query<Row[]>(sql, [...values]);
  } finally {
    await database.close();
  }
}

/** Image vectors by the id of their panel. */
async function imageVectors(place: Place, space = '%'): Promise<ReadonlyMap<string, Float32Array>> {
  const rows = await query<{ panel: string; vector: Buffer }>(
    place,
    `SELECT panel_id AS panel, vector FROM embedding WHERE kind = 'IMAGE' AND space LIKE ?`,
    [space],
  );
  return new Map(rows.map(({ panel, vector }) => [panel, bytesToVector(vector)]));
}

async function countOf(place: Place, table: 'panel' | 'embedding', figure: PanelFigure): Promise<number> {
  const [row] = await query<{ count: number }>(
    place,
    table === 'panel'
      ? `SELECT COUNT(*) AS count FROM panel WHERE figure_id = ?`
      : `SELECT COUNT(*) AS count FROM embedding WHERE panel_id LIKE ? || '%'`,
    [table === 'panel' ? figureIdOf(figure.id) : panelOf(figure, 0).slice(0, -1)],
  );
  return row?.count ?? 0;
}

describe('figures with one to nine panels', () => {
  const place = newPlace();
  const env = twoModels();
  let file: string;
  let server: Server;

  beforeAll(async () => {
    const segmenter = 'starter-segmenter';
    const models = env['FIGSEEK_MODELS'] ?? '';
    cpSync(path.join(packageRoot, 'models', segmenter), path.join(models, segmenter), { recursive: true });
    file = path.join(await writeImages(figures), 'figures.jsonl');
    expect(await ingest(place, file, figures.map(recordOf), env)).toMatchObject({ added: 10, faults: [] });
    server = await startServer(place, { ...env, FIGSEEK_SAMPLES: 'never' });
  });

  afterAll(async () => {
    await server.stop();
  });

  async function ask<Data>(text: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await askServer<Data>(server, text, variables);
    if (data === undefined || errors !== undefined) throw new Error(errors?.[0]?.message ?? 'no data');
    return data;
  }

  async function find(input: object, filter: object | null = null, first = 1): Promise<readonly Hit[]> {
    const { searchFigures } = await ask<{ searchFigures: { nodes: readonly Hit[] } }>(
      `query ($query: SearchInput!, $filter: FigureFilter, $first: Int!) {
        searchFigures(query: $query, filter: $filter, first: $first) {
          nodes { figure { id } panel { id label } snippet } } }`,
      { query: input, filter, first },
    );
    return searchFigures.nodes;
  }

  async function findByImage(drawing: RawImage, filter: object | null = null): Promise<Hit | undefined> {
    const base64 = (await encodePng(drawing)).toString('base64');
    const [hit] = await find({ image: { base64 }, channels: ['IMAGE'], collapseDuplicates: false }, filter);
    return hit;
  }

  async function askMask(figure: PanelFigure, prompt: string, panelId: string | null = null): Promise<Drawn> {
    const { figure: asked } = await ask<{ figure: { mask: Drawn } }>(
      `query ($id: ID!, $prompt: String!, $panelId: ID) { figure(id: $id) {
        mask(prompt: $prompt, panelId: $panelId, waitMs: 120000) {
          id status areaPixels boxes { x y width height } panel { id } } } }`,
      { id: figureIdOf(figure.id), prompt, panelId },
    );
    return asked.mask;
  }

  async function masksOf(figure: PanelFigure): Promise<readonly string[]> {
    const asked = await ask<{ figure: { masks: readonly { panel: { id: string } }[] } }>(
      `query ($id: ID!) { figure(id: $id) { masks { panel { id } } } }`,
      { id: figureIdOf(figure.id) },
    );
    return asked.figure.masks.map(({ panel }) => panel.id);
  }

  async function stats(): Promise<object> {
    return (await ask<{ stats: object }>('{ stats { figures panels indexedPanels masks } }')).stats;
  }

  it('have the vector of each panel that its cropped image alone has', async () => {
    const alone = newPlace();
    const crops = drawn.flatMap(({ id, panels }) =>
      panels.map(({ label, drawing }) => ({ id: `${id}-${label}`, image: drawing })),
    );
    const cropFile = path.join(await writeImages(crops), 'crops.jsonl');
    const plain = crops.map(({ id }) => ({ id, image: `${id}.png` }));
    expect(await ingest(alone, cropFile, plain, env)).toMatchObject({ added: 45 });
    const [whole, cropped] = [await imageVectors(place), await imageVectors(alone)];
    expect([whole.size, cropped.size]).toEqual([allPanels, 45]);
    for (const figure of drawn) {
      for (const [place0, { label }] of figure.panels.entries()) {
        const made = whole.get(panelOf(figure, place0 + 1));
        const right = cropped.get(panelIdOf(figureIdOf(`${figure.id}-${label}`), 0));
        expect(maxDifference(made ?? [], right ?? [])).toBeLessThan(1e-5);
      }
    }
  });

  it('are found by the image of any panel, which is named', async () => {
    for (const figure of figures) {
      for (const [i, { label, drawing }] of figure.panels.entries()) {
        expect(await findByImage(drawing)).toMatchObject({
          figure: { id: figureIdOf(figure.id) },
          panel: { id: panelOf(figure, i + 1), label },
        });
      }
      const image = { figureId: figureIdOf(figure.id) };
      const [whole] = await find({ image, channels: ['IMAGE'], collapseDuplicates: false });
      expect(whole?.panel.id).toBe(panelOf(figure, 0));
    }
  });

  it('are found by the caption of any panel, which is named', async () => {
    for (const figure of drawn.slice(2, 5)) {
      for (const [i, { caption }] of figure.panels.entries()) {
        const [hit] = await find({ text: caption, channels: ['CAPTION'] });
        expect(hit?.panel.id).toBe(panelOf(figure, i + 1));
        // Of the panel's own caption, not of the figure's.
        expect(hit?.snippet).not.toBeNull();
        expect(hit?.snippet).not.toContain('drawn figure of');
      }
    }
  });

  it('are each one hit, however many panels answer', async () => {
    const [panel] = drawn[8]?.panels ?? [];
    const base64 = (await encodePng(panel?.drawing ?? chest.image)).toString('base64');
    const hits = await find({ image: { base64 }, channels: ['IMAGE'], collapseDuplicates: false }, null, 50);
    expect(new Set(hits.map(({ figure }) => figure.id)).size).toBe(hits.length);
    expect(hits).toHaveLength(figures.length);
  });

  it('are filtered with all their panels', async () => {
    const [odd, even] = [drawn[4], drawn[5]];
    const drawing = odd?.panels[2]?.drawing ?? chest.image;
    const asOdd = await findByImage(drawing, { modalities: ['odd'] });
    expect(asOdd?.panel.id).toBe(panelOf(odd ?? chest, 3));
    const asEven = await findByImage(drawing, { modalities: ['even'] });
    expect(asEven?.figure.id).not.toBe(asOdd?.figure.id);
    const third = even?.panels[2]?.drawing ?? chest.image;
    expect((await findByImage(third, { modalities: ['even'] }))?.panel.id).toBe(panelOf(even ?? chest, 3));
  });

  it('are named with their panels by the command line, and counted', async () => {
    const [figure] = drawn.slice(3);
    const [drawing] = figure?.panels.slice(2) ?? [];
    const image = path.join(path.dirname(file), 'query.png');
    writeFileSync(image, await encodePng(drawing?.drawing ?? chest.image));
    const args = ['search', '--image', image, '--channels', 'image', '--first', '1'];
    const { stdout } = await run(place, args, env);
    expect(stdout).toMatch(/^1\. panels-4 panel C {2}fig_/);
    expect(await stats()).toEqual({ figures: 10, panels: allPanels, indexedPanels: allPanels, masks: 0 });
  });

  it('are listed with their boxes, labels and captions, and each panel finds figures like itself', async () => {
    const figure = drawn[6] ?? chest;
    const asked = await ask<{ figure: { panels: readonly object[] } }>(
      `query ($id: ID!) { figure(id: $id) { panels { id label caption box { x y width height }
        similar(first: 3) { nodes { figure { id } } } } } }`,
      { id: figureIdOf(figure.id) },
    );
    const { width, height } = figure.image;
    const whole = { label: null, caption: 'A drawn figure of 7 parts', box: { x: 0, y: 0, width, height } };
    expect(asked.figure.panels).toMatchObject(
      [whole, ...figure.panels].map(({ label, caption, box }, i) => ({ id: panelOf(figure, i), label, caption, box })),
    );
    for (const panel of asked.figure.panels as readonly { similar: { nodes: readonly Hit[] } }[]) {
      const like = panel.similar.nodes.map(({ figure: { id } }) => id);
      expect([like.length, like.includes(figureIdOf(figure.id))]).toEqual([3, false]);
    }
  });

  it('are segmented on the panel that is named, and found by the mask', async () => {
    const radiograph = panelOf(chest, 2);
    const mask = await askMask(chest, 'lung', radiograph);
    expect(mask).toMatchObject({ status: 'READY', panel: { id: radiograph } });
    expect(mask.areaPixels).toBeGreaterThan(500);
    const box = chest.panels[1]?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(mask.boxes.every((part) => isInside(part, box))).toBe(true);
    expect(await masksOf(chest)).toEqual([radiograph]);
    expect(await stats()).toMatchObject({ masks: 1 });
    const found = await find({ text: 'anything', channels: ['IMAGE'] }, { hasMask: { prompt: 'lung' } }, 10);
    expect(found.map(({ figure }) => figure.id)).toEqual([figureIdOf(chest.id)]);
  });

  it('are unchanged for a second ingest, which gives back the vector of a panel that has lost it', async () => {
    const lost = panelOf(drawn[7] ?? chest, 5);
    const before = (await imageVectors(place)).get(lost);
    const database = await Database.open(place.data);
    await database.write((runner) => runner.query('DELETE FROM embedding WHERE panel_id = ?', [lost]));
    await database.close();
    const doctor = await run(place, ['doctor'], env);
    expect(doctor.stdout).toContain(`10 figures with ${allPanels} panels`);
    expect(doctor.stdout).toContain('1 panels are not embedded by starter');
    expect(await ingest(place, file, figures.map(recordOf), env)).toMatchObject({ updated: 1, unchanged: 9 });
    expect(dot((await imageVectors(place)).get(lost) ?? new Float32Array(), before ?? new Float32Array())).toBeCloseTo(
      1,
    );
  });

  it('get other panels by another record; a mask stays with its box', async () => {
    const { panels } = chest;
    const reversed = { ...recordOf(chest), panels: recordOf(chest).panels.toReversed() };
    const records = [...drawn.map(recordOf), reversed];
    expect(await ingest(place, file, records, env)).toMatchObject({ updated: 1, unchanged: 9 });
    expect((await findByImage(panels[1]?.drawing ?? chest.image))?.panel).toEqual({
      id: panelOf(chest, 1),
      label: 'B',
    });
    expect(await masksOf(chest)).toEqual([panelOf(chest, 1)]);

    const moved = { ...recordOf(chest), panels: recordOf(chest).panels.slice(0, 1) };
    await ingest(place, file, [...drawn.map(recordOf), moved], env);
    expect(await countOf(place, 'panel', chest)).toBe(2);
    expect(await countOf(place, 'embedding', chest)).toBe(4);
    expect(await masksOf(chest)).toEqual([]);
    expect(await stats()).toMatchObject({ panels: allPanels - 1, masks: 0 });
    expect(await find({ text: 'anything', channels: ['IMAGE'] }, { hasMask: { prompt: 'lung' } })).toEqual([]);

    await ingest(place, file, figures.map(recordOf), env);
    expect(await masksOf(chest)).toEqual([panelOf(chest, 2)]);
    expect(await stats()).toEqual({ figures: 10, panels: allPanels, indexedPanels: allPanels, masks: 1 });
  });

  it('are embedded with all their panels by another model, which then names the same panels', async () => {
    const { code, stdout, stderr } = await run(place, ['models', 'use', 'other'], env);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('other is active (10 figures embedded now)');
    expect((await imageVectors(place, 'b%')).size).toBe(allPanels);
    await server.stop();
    server = await startServer(place, { ...env, FIGSEEK_SAMPLES: 'never' });
    for (const figure of [drawn[0], drawn[4], drawn[8]]) {
      const last = figure?.panels.length ?? 0;
      const hit = await findByImage(figure?.panels.at(-1)?.drawing ?? chest.image);
      expect(hit?.panel.id).toBe(panelOf(figure ?? chest, last));
    }
  });

  it('are gone with all their panels and vectors when they are deleted, and no mask of them is shown', async () => {
    const gone = [chest, drawn[8] ?? chest];
    const mask = await askMask(chest, 'lung', panelOf(chest, 2));
    for (const figure of gone) {
      await ask('mutation ($id: ID!) { deleteFigure(id: $id) }', { id: figureIdOf(figure.id) });
      expect([await countOf(place, 'panel', figure), await countOf(place, 'embedding', figure)]).toEqual([0, 0]);
      for (const { drawing } of figure.panels) {
        expect((await findByImage(drawing))?.figure.id).not.toBe(figureIdOf(figure.id));
      }
    }
    expect(await ask('query ($id: ID!) { node(id: $id) { id } }', { id: mask.id })).toEqual({ node: null });
    expect(await stats()).toMatchObject({ figures: 8, panels: allPanels - 3 - 10, masks: 0 });
  });
});

describe('panels of a record', () => {
  const place = newPlace();
  const [small = chest] = drawn;
  const { width, height } = small.image;
  let folder: string;

  beforeAll(async () => {
    folder = await writeImages([small]);
  });

  it('that are wrong are a fault of their record, and the others are taken', async () => {
    const record = (id: string, panels: unknown) => ({ id, image: `${small.id}.png`, panels });
    const box = { x: 0, y: 0, width: 10, height: 10 };
    const report = await ingest(place, path.join(folder, 'bad.jsonl'), [
      record('good', [{ box }, { box: { x: width - 1, y: height - 1, width: 1, height: 1 } }]),
      record('beyond', [{ box }, { box: { ...box, x: width - 9 } }]),
      record('empty', [{ box: { ...box, height: 0 } }]),
      record('boxless', [{ label: 'A' }]),
      record('fraction', [{ box: { ...box, x: 0.5 } }]),
      record('crowd', Array(101).fill({ box })),
      record('text', 'A, B'),
      record('none', []),
    ]);
    expect(report).toMatchObject({ added: 2, rejected: 6 });
    expect(report.faults.every(({ code }) => code === 'BAD_RECORD')).toBe(true);
    expect(Object.fromEntries(report.faults.map(({ sourceKey, message }) => [sourceKey, message]))).toEqual({
      beyond: `panels.1.box: Expected a box within the image of ${width} × ${height} pixels, after its orientation, but received x ${width - 9}, y 0, width 10, height 10`,
      empty: 'panels.0.box.height: Expected a whole number of pixels, at least 1, but received 0',
      boxless: 'panels.0.box: Expected a box as {"x", "y", "width", "height"} but received nothing',
      fraction: 'panels.0.box.x: Expected a whole number of pixels, at least 0, but received 0.5',
      crowd: 'panels: Expected at most 100 panels but received an array of 101',
      text: 'panels: Expected an array of panels but received "A, B"',
    });
  });

  it('lie in the image as it is shown, after its orientation', async () => {
    const { drawing = chest.image } = small.panels[0] ?? {};
    const wide = {
      ...drawing,
      height: drawing.height >> 1,
      data: drawing.data.slice(0, (drawing.height >> 1) * drawing.width * 3),
    };
    writeFileSync(path.join(folder, 'turned.jpg'), withOrientation(await encodeJpeg(wide), 6));
    // Shown upright: as high as the file is wide.
    const box = { x: 0, y: wide.width - 20, width: wide.height, height: 20 };
    const turned = (id: string, panels: readonly object[]) => ({ id, image: 'turned.jpg', panels });
    const { added, faults } = await ingest(place, path.join(folder, 'turned.jsonl'), [
      turned('upright', [{ box }]),
      turned('on its side', [{ box: { x: wide.width - 20, y: 0, width: 20, height: wide.height } }]),
    ]);
    expect([added, faults.map(({ sourceKey }) => sourceKey)]).toEqual([1, ['on its side']]);
  });

  it('may stand in a file beside an image, and unknown keys in them are named', async () => {
    const own = path.join(folder, 'own');
    mkdirSync(own);
    writeFileSync(path.join(own, 'one.png'), await encodePng(small.image));
    const panels = [{ box: { x: 0, y: 0, width: 10, height: 10 }, legend: 'A lung' }];
    writeFileSync(path.join(own, 'one.json'), JSON.stringify({ panels }));
    const { stdout } = await run(place, ['ingest', own]);
    expect(stdout).toMatch(/1 added/);
    expect(stdout).toMatch(/key panels\.legend is not known.*did you mean panels\.caption\?/);
    const rows = await query<object>(place, `SELECT ordinal FROM panel WHERE figure_id = ?`, [figureIdOf('one.png')]);
    expect(rows).toHaveLength(2);
  });
});

function isInside({ x, y, width, height }: Box, box: Box): boolean {
  const isRight = x >= box.x && x + width <= box.x + box.width;
  return isRight && y >= box.y && y + height <= box.y + box.height;
}
