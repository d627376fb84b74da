import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Box, Panel } from '../../src/domain/figure.js';
import { storeCompound, type Compound } from '../support/compound-figure.js';
import { newPlace, run, startServer, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';

interface Drawn {
  readonly status: string;
  readonly areaPixels: number;
  readonly boxes: readonly Box[];
  readonly panel: { readonly id: string; readonly label: string | null };
}

interface Line extends Omit<Drawn, 'panel'> {
  readonly prompt: string;
  readonly panel: string;
  readonly rle: { readonly size: readonly number[] };
}

const fields = 'status areaPixels boxes { x y width height } panel { id label }';

describe('masks of a compound figure', () => {
  const place = newPlace();
  let compound: Compound;
  let half: Compound;
  let server: Server;

  beforeAll(async () => {
    compound = await storeCompound(place, 'compound', ['chest radiograph', 'blood smear']);
    half = await storeCompound(place, 'half', ['chest radiograph', 'blood smear', 'abdominal CT'], 1);
    // A server that follows a choice of the model would embed what lacks a vector.
    server = await startServer(place, { FIGSEEK_MODEL: 'starter' });
  });

  afterAll(async () => {
    await server.stop();
  });

  async function mask({ figure }: Compound, prompt: string, panelId: string | null = null): Promise<Drawn> {
    const { data, errors } = await askServer<{ figure: { mask: Drawn } }>(
      server,
      `query ($id: ID!, $prompt: String!, $panelId: ID) {
        figure(id: $id) { mask(prompt: $prompt, panelId: $panelId, waitMs: 120000) { ${fields} } } }`,
      { id: figure.id, prompt, panelId },
    );
    if (data === undefined || errors !== undefined) throw new Error(errors?.[0]?.message);
    return data.figure.mask;
  }

  it.each([
    ['lung', 'A'],
    ['red blood cells', 'B'],
  ])('are drawn on the panel that shows the object: %s on %s', async (prompt, label) => {
    const drawn = await mask(compound, prompt);
    expect(drawn).toMatchObject({ status: 'READY', panel: { label } });
    expect(drawn.areaPixels).toBeGreaterThan(1000);
    const box = panel(label).box;
    expect(drawn.boxes.filter((part) => !isInside(part, box))).toEqual([]);
  });

  it.each([
    ['X-Ray-Chest', 'A'],
    ['Microscopy-Blood', 'B'],
  ])('are recognised on the panel that is such an image: %s on %s', async (imageType, label) => {
    const { data } = await askServer<{ figure: { recognise: Drawn & { readonly masks: readonly Drawn[] } } }>(
      server,
      `query ($id: ID!, $imageType: String!) { figure(id: $id) {
        recognise(imageType: $imageType, waitMs: 120000) { status panel { label } masks { ${fields} } } } }`,
      { id: compound.figure.id, imageType },
    );
    expect(data?.figure.recognise).toMatchObject({ status: 'READY', panel: { label } });
    const parts = data?.figure.recognise.masks.flatMap(({ boxes }) => boxes) ?? [];
    expect(parts.length).toBeGreaterThan(0);
    expect(parts.filter((part) => !isInside(part, panel(label).box))).toEqual([]);
  });

  it('are drawn on the panel that is asked for', async () => {
    const { id } = panel('A');
    expect(await mask(compound, 'red blood cells', id)).toMatchObject({ panel: { id, label: 'A' } });
    const [whole] = compound.panels;
    expect(await mask(compound, 'red blood cells', whole?.id)).toMatchObject({ panel: { id: whole?.id, label: null } });
  });

  it('are drawn on its first panel where one of them has no vector by the active model', async () => {
    expect(await mask(half, 'red blood cells')).toMatchObject({ status: 'READY', panel: { label: 'A' } });
  });

  it('of a job are each of the panel that fits their prompt', async () => {
    const { data } = await askServer<{ requestMasks: { masks: readonly object[] } }>(
      server,
      `mutation ($ids: [ID!]!) {
        requestMasks(figureIds: $ids, prompts: ["red  blood cells", "left lung", "RED blood cells"]) {
          total masks { prompt panel { label } } } }`,
      { ids: [compound.figure.id] },
    );
    expect(data?.requestMasks).toEqual({
      total: 2,
      masks: [
        { prompt: 'red blood cells', panel: { label: 'B' } },
        { prompt: 'left lung', panel: { label: 'A' } },
      ],
    });
  });

  it('refuse an empty prompt before panels are compared', async () => {
    await expect(mask(compound, ' ')).rejects.toThrow(/Expected a prompt/);
  });

  it('are the same by the command line, on the whole picture, each with its panel', async () => {
    const { id, width, height } = compound.figure;
    const prompts = ['--prompt', 'red blood cells', 'lung'];
    const { stdout, stderr } = await run(place, ['segment', id, ...prompts, '--json']);
    if (stdout === '') throw new Error(stderr);
    const lines = linesOf(stdout);
    expect(lines.map(({ prompt, panel: name }) => [prompt, name])).toEqual([
      ['lung', panel('A').id],
      ['red blood cells', panel('B').id],
    ]);
    for (const line of lines) {
      const drawn = await mask(compound, line.prompt);
      expect(line.areaPixels).toBe(drawn.areaPixels);
      expect(line.boxes.map(({ x, y, width: w, height: h }) => ({ x, y, width: w, height: h }))).toEqual(drawn.boxes);
      expect(line.rle.size).toEqual([height, width]);
    }
    const words = await run(place, ['segment', id, ...prompts]);
    expect(words.stdout).toMatch(/^panel A, lung: .*\npanel B, red blood cells: /);
  });

  it('are drawn by the command line on the panel that is asked for, and on no other’s', async () => {
    const args = ['segment', compound.figure.id, '--prompt', 'lung', '--json', '--panel'];
    const { stdout } = await run(place, [...args, panel('B').id]);
    expect(linesOf(stdout).map((line) => line.panel)).toEqual([panel('B').id]);
    const { code, stderr } = await run(place, [...args, 'pan_0_0']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(panel('B').id) });
  });

  it('are drawn by the command line on the first panel where no model can compare, and it says so', async () => {
    const env = { FIGSEEK_MODEL: 'absent' };
    const args = ['segment', compound.figure.id, '--prompt', 'red blood cells', '--json'];
    const { stdout, stderr } = await run(place, args, env);
    expect(stderr).toMatch(/panels cannot be compared .* absent/);
    expect(linesOf(stdout).map((line) => line.panel)).toEqual([panel('A').id]);
  });

  function panel(label: string): Panel {
    const found = compound.panels.find((one) => one.label === label);
    if (found === undefined) throw new Error('there is such a panel');
    return found;
  }
});

function linesOf(text: string): readonly Line[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

function isInside({ x, y, width, height }: Box, box: Box): boolean {
  const isRight = x >= box.x && x + width <= box.x + box.width;
  return isRight && y >= box.y && y + height <= box.y + box.height;
}
