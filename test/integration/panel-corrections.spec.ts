import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { figureIdOf } from '../../src/domain/ids.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { encodePng } from '../../src/imaging/encode.js';
import { resize } from '../../src/imaging/resize.js';
import { drawCompound } from '../../src/samples/panels.js';
import { Random } from '../../src/samples/random.js';
import { drawingOf } from '../support/compound-figure.js';
import { newPlace, startServer, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';
import { ingestSource } from '../support/source-ingest.js';

/** Without gaps of their own. */
const kinds = ['chest radiograph', 'fundus photograph', 'blood smear'] as const;
/** Four letters for three drawings. */
const caption = '(A) A chest. (B) An eye. (C) A smear of blood. (D) Nothing that is drawn.';
const id = figureIdOf('compound');

const fields = `panelOrigin panelSuggestion { origin boxes { x y width height } parts { label caption } }
  panels { label caption box { x y width height } }`;

interface Stored {
  readonly panelOrigin: string | null;
  readonly panelSuggestion: {
    readonly origin: string;
    readonly boxes: readonly object[];
    readonly parts: readonly { readonly label: string; readonly caption: string }[];
  } | null;
  readonly panels: readonly { readonly label: string | null; readonly box: object }[];
}

describe('panels that a person corrects', () => {
  const place = newPlace();
  const folder = mkdtempSync(path.join(tmpdir(), 'corrected-'));
  const file = path.join(folder, 'figures.jsonl');
  const { canvas, boxes } = drawCompound(new Random('split'), kinds.map(drawingOf));
  const image = canvas.toImage();
  let server: Server;

  const ingest = async (shown: RawImage, text: string, ...options: readonly string[]) => {
    writeFileSync(path.join(folder, 'compound.png'), await encodePng(shown));
    writeFileSync(file, JSON.stringify({ id: 'compound', image: 'compound.png', caption: text }));
    return ingestSource(place, file, '--split-panels', ...options);
  };
  const ask = async (text: string, variables: object = {}) => {
    const { data, errors } = await askServer<Record<string, Stored>>(server, text, variables);
    if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
    return Object.values(data)[0] as Stored;
  };
  const figure = () => ask(`query ($id: ID!) { figure(id: $id) { ${fields} } }`, { id });
  const set = (panels: readonly object[], figureId: string = id) =>
    ask(
      `mutation ($figureId: ID!, $panels: [PanelInput!]!) {
        setFigurePanels(figureId: $figureId, panels: $panels) { ${fields} } }`,
      { figureId, panels },
    );
  const byHand = boxes.map((box, at) => ({ label: 'XYZ'[at], caption: `Corrected ${at}.`, box }));

  beforeAll(async () => {
    expect(await ingest(image, caption)).toMatchObject({ added: 1, rejected: 0 });
    server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  });
  afterAll(() => server.stop());

  it('are suggested where the image has fewer than the caption names', async () => {
    const { panelOrigin, panelSuggestion, panels } = await figure();
    expect({ panelOrigin, panels: panels.length }).toEqual({ panelOrigin: null, panels: 1 });
    expect(panelSuggestion).toMatchObject({ origin: 'RULES', parts: { length: 4 }, boxes: { length: 3 } });
  });

  it.each([
    ['a box outside', [{ box: { x: 0, y: 0, width: 99_999, height: 10 } }], 'BAD_USER_INPUT'],
    ['a box of no width', [{ box: { x: 0, y: 0, width: 0, height: 10 } }], 'BAD_USER_INPUT'],
    ['too many', Array.from({ length: 101 }, () => ({ box: boxes[0] })), ''],
  ])('are refused with %s, and nothing changes', async (_what, panels, code) => {
    await expect(set(panels)).rejects.toThrow(code);
    expect((await figure()).panels).toHaveLength(1);
  });

  it('are refused for a figure that is not there', async () => {
    await expect(set([], figureIdOf('nobody'))).rejects.toThrow('NOT_FOUND');
  });

  it('are found by their words and pictures at once, and the suggestion is gone', async () => {
    const { panelOrigin, panelSuggestion, panels } = await set(byHand);
    expect({ panelOrigin, panelSuggestion }).toEqual({ panelOrigin: 'PERSON', panelSuggestion: null });
    expect(panels.slice(1)).toEqual(byHand);
    const base64 = (await encodePng(drawingOf('blood smear'))).toString('base64');
    for (const query of [
      { text: 'Corrected 2', channels: ['KEYWORD'] },
      { image: { base64 }, channels: ['IMAGE'] },
    ]) {
      const { data } = await askServer<{ searchFigures: { nodes: readonly { panel: { label: string } }[] } }>(
        server,
        `query ($query: SearchInput!) { searchFigures(query: $query) { nodes { panel { label } } } }`,
        { query },
      );
      expect(data?.searchFigures.nodes[0]?.panel.label).toBe('Z');
    }
  });

  it('stay when the record is read again, unchanged or with another caption', async () => {
    expect(await ingest(image, caption)).toMatchObject({ unchanged: 1 });
    expect(await ingest(image, `${caption} Changed.`)).toMatchObject({ updated: 1, rejected: 0 });
    const { panelOrigin, panels } = await figure();
    expect({ panelOrigin, panels: panels.slice(1) }).toEqual({ panelOrigin: 'PERSON', panels: byHand });
  });

  it('are scaled with an image in another size', async () => {
    const larger = await resize(image, 2 * image.width, 2 * image.height);
    expect(await ingest(larger, caption)).toMatchObject({ updated: 1, leftOut: 0 });
    expect((await figure()).panels.slice(1).map(({ box }) => box)).toEqual(
      boxes.map(({ x, y, width, height }) => ({ x: 2 * x, y: 2 * y, width: 2 * width, height: 2 * height })),
    );
    expect(await ingest(image, caption)).toMatchObject({ updated: 1 });
    expect((await figure()).panels.slice(1)).toEqual(byHand);
  });

  it('go back to the record where the correction is given up', async () => {
    await ask(`mutation ($id: ID!) { releaseFigurePanels(figureId: $id) { ${fields} } }`, { id });
    expect(await ingest(image, caption)).toMatchObject({ updated: 1 });
    const { panelOrigin, panelSuggestion, panels } = await figure();
    expect({ panelOrigin, origin: panelSuggestion?.origin, panels: panels.length }).toEqual({
      panelOrigin: null,
      origin: 'RULES',
      panels: 1,
    });
    await expect(
      ask(`mutation ($id: ID!) { releaseFigurePanels(figureId: $id) { ${fields} } }`, { id }),
    ).rejects.toThrow('CONFLICT');
  });

  it('are left out, and that is told, with an image of another shape', async () => {
    await set(byHand);
    const other = await resize(image, image.height, image.height);
    expect(await ingest(other, caption)).toMatchObject({
      rejected: 0,
      faults: [],
      updated: 1,
      leftOuts: [{ code: 'CORRECTION_LEFT_OUT', sourceKey: 'compound' }],
    });
    expect((await figure()).panelOrigin).not.toBe('PERSON');
  });
});
