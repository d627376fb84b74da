import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import { encodePng } from '../../src/imaging/encode.js';
import { maxDifference } from '../golden/golden-cases.js';
import { newPlace, run } from '../support/figseek-process.js';
import { panelOf, writeImages } from '../support/panel-figures.js';
import {
  PanelServer,
  allPanels,
  chest,
  drawn,
  figures,
  imageVectors,
  ingestRecords,
  type PanelHit,
} from '../support/panel-server.js';

describe('figures with one to nine panels', () => {
  let server: PanelServer;

  beforeAll(async () => {
    server = await PanelServer.start();
  });

  afterAll(async () => {
    await server.stop();
  });

  it('have the vector of each panel that its cropped image alone has', async () => {
    const alone = newPlace();
    const crops = drawn.flatMap(({ id, panels }) =>
      panels.map(({ label, drawing }) => ({ id: `${id}-${label}`, image: drawing })),
    );
    const cropFile = path.join(await writeImages(crops), 'crops.jsonl');
    const plain = crops.map(({ id }) => ({ id, image: `${id}.png` }));
    expect(await ingestRecords(alone, cropFile, plain, server.env)).toMatchObject({ added: 45 });
    const [whole, cropped] = [await imageVectors(server.place), await imageVectors(alone)];
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
        expect(await server.findByImage(drawing)).toMatchObject({
          figure: { id: figureIdOf(figure.id) },
          panel: { id: panelOf(figure, i + 1), label },
        });
      }
      const image = { figureId: figureIdOf(figure.id) };
      const [whole] = await server.find({ image, channels: ['IMAGE'], collapseDuplicates: false });
      expect(whole?.panel.id).toBe(panelOf(figure, 0));
    }
  });

  it('are found by the caption of any panel, which is named', async () => {
    for (const figure of drawn.slice(2, 5)) {
      for (const [i, { caption }] of figure.panels.entries()) {
        const [hit] = await server.find({ text: caption, channels: ['CAPTION'] });
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
    const hits = await server.find({ image: { base64 }, channels: ['IMAGE'], collapseDuplicates: false }, null, 50);
    expect(new Set(hits.map(({ figure }) => figure.id)).size).toBe(hits.length);
    expect(hits).toHaveLength(figures.length);
  });

  it('are filtered with all their panels', async () => {
    const [odd, even] = [drawn[4], drawn[5]];
    const drawing = odd?.panels[2]?.drawing ?? chest.image;
    const asOdd = await server.findByImage(drawing, { modalities: ['odd'] });
    expect(asOdd?.panel.id).toBe(panelOf(odd ?? chest, 3));
    const asEven = await server.findByImage(drawing, { modalities: ['even'] });
    expect(asEven?.figure.id).not.toBe(asOdd?.figure.id);
    const third = even?.panels[2]?.drawing ?? chest.image;
    expect((await server.findByImage(third, { modalities: ['even'] }))?.panel.id).toBe(panelOf(even ?? chest, 3));
  });

  it('are named with their panels by the command line, and counted', async () => {
    const [figure] = drawn.slice(3);
    const [drawing] = figure?.panels.slice(2) ?? [];
    const image = path.join(path.dirname(server.file), 'query.png');
    writeFileSync(image, await encodePng(drawing?.drawing ?? chest.image));
    const args = ['search', '--image', image, '--channels', 'image', '--first', '1'];
    const { stdout } = await run(server.place, args, server.env);
    expect(stdout).toMatch(/^1\. panels-4 panel C {2}fig_/);
    expect(await server.stats()).toEqual({ figures: 10, panels: allPanels, indexedPanels: allPanels, masks: 0 });
  });

  it('are listed with their boxes, labels and captions, and each panel finds figures like itself', async () => {
    const figure = drawn[6] ?? chest;
    const asked = await server.ask<{ figure: { panels: readonly object[] } }>(
      `query ($id: ID!) { figure(id: $id) { panels { id label caption box { x y width height }
        similar(first: 3) { nodes { figure { id } } } } } }`,
      { id: figureIdOf(figure.id) },
    );
    const { width, height } = figure.image;
    const whole = { label: null, caption: 'A drawn figure of 7 parts', box: { x: 0, y: 0, width, height } };
    expect(asked.figure.panels).toMatchObject(
      [whole, ...figure.panels].map(({ label, caption, box }, i) => ({ id: panelOf(figure, i), label, caption, box })),
    );
    for (const panel of asked.figure.panels as readonly { similar: { nodes: readonly PanelHit[] } }[]) {
      const like = panel.similar.nodes.map(({ figure: { id } }) => id);
      expect([like.length, like.includes(figureIdOf(figure.id))]).toEqual([3, false]);
    }
  });
});
