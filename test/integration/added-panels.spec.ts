import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dot } from '../../src/domain/vector.js';
import { encodePng } from '../../src/imaging/encode.js';
import { newPlace, startServer, type Place, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';
import { panelOf, recordOf, writeImages } from '../support/panel-figures.js';
import { chest, drawn, imageVectors, ingestRecords, query } from '../support/panel-server.js';

const figure = drawn[2] ?? chest;
const panelsOf = (place: Place) =>
  query<object>(place, `SELECT id, ordinal, label, caption, x, y, width, height FROM panel ORDER BY ordinal`);

describe('panels of a figure that a client adds', () => {
  const place = newPlace();
  let server: Server;
  let base64: string;

  beforeAll(async () => {
    server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
    base64 = (await encodePng(figure.image)).toString('base64');
  });

  afterAll(async () => {
    await server.stop();
  });

  function add(panels: unknown, sourceKey: string) {
    const { caption } = recordOf(figure);
    return askServer<{ addFigure: { id: string; panels: { id: string; label: string | null }[] } }>(
      server,
      `mutation ($input: AddFigureInput!) { addFigure(input: $input) { id panels { id label } } }`,
      { input: { base64, caption, sourceKey, panels } },
    );
  }

  it('are refused as those of a record are, and nothing is stored', async () => {
    const { width, height } = figure.image;
    const box = { x: 0, y: 0, width: 10, height: 10 };
    const message = async (panels: unknown) => {
      const { data, errors } = await add(panels, 'wrong');
      expect(data ?? null).toBeNull();
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
      return errors?.[0]?.message;
    };
    expect(await message([{ box }, { box: { ...box, x: width - 9 } }])).toBe(
      `panels.1.box: Expected a box within the image of ${width} × ${height} pixels, after its orientation, but received x ${width - 9}, y 0, width 10, height 10`,
    );
    expect(await message([{ box: { ...box, height: 0 } }])).toMatch(
      /panels\.0\.box\.height: Expected a whole number of pixels, at least 1, but received 0/,
    );
    expect(await message(Array(101).fill({ box }))).toMatch(/panels: Expected at most 100 panels/);
    expect(await message([{ label: 'A' }])).toMatch(/"box" of required type "BoxInput!"/);
    expect(await panelsOf(place)).toEqual([]);
  });

  it('are stored, embedded and found as those of a record', async () => {
    const { panels } = recordOf(figure);
    const { data, errors } = await add(panels, figure.id);
    expect(errors).toBeUndefined();
    expect(data?.addFigure.panels.map(({ id, label }) => [id, label])).toEqual(
      [null, ...panels.map(({ label }) => label)].map((label, ordinal) => [panelOf(figure, ordinal), label]),
    );

    const other = newPlace();
    const file = path.join(await writeImages([figure]), 'figures.jsonl');
    expect(await ingestRecords(other, file, [recordOf(figure)])).toMatchObject({ added: 1 });
    expect(await panelsOf(place)).toEqual(await panelsOf(other));
    const [added, ingested] = [await imageVectors(place), await imageVectors(other)];
    expect(added.size).toBe(panels.length + 1);
    for (const [id, vector] of ingested) expect(dot(added.get(id) ?? new Float32Array(), vector)).toBeCloseTo(1, 5);

    const drawing = figure.panels[1]?.drawing ?? figure.image;
    const found = await askServer<{ searchFigures: { nodes: { panel: { id: string; label: string } }[] } }>(
      server,
      `query ($query: SearchInput!) { searchFigures(query: $query, first: 1) { nodes { panel { id label } } } }`,
      { query: { image: { base64: (await encodePng(drawing)).toString('base64') }, channels: ['IMAGE'] } },
    );
    expect(found.data?.searchFigures.nodes).toMatchObject([{ panel: { id: panelOf(figure, 2), label: 'B' } }]);
  });

  it('may be null: the figure is then the whole image alone', async () => {
    const { data } = await add(null, 'whole');
    expect(data?.addFigure.panels).toHaveLength(1);
  });
});
