import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import type { Box } from '../../src/domain/figure.js';
import { figureIdOf } from '../../src/domain/ids.js';
import { dot } from '../../src/domain/vector.js';
import { run } from '../support/figseek-process.js';
import { panelOf, recordOf } from '../support/panel-figures.js';
import {
  PanelServer,
  allPanels,
  chest,
  countRows,
  drawn,
  figures,
  imageVectors,
  ingestRecords,
} from '../support/panel-server.js';

describe('panels of stored figures', () => {
  let server: PanelServer;

  beforeAll(async () => {
    server = await PanelServer.start();
  });

  afterAll(async () => {
    await server.stop();
  });

  it('are segmented on the panel that is named, and found by the mask', async () => {
    const radiograph = panelOf(chest, 2);
    const mask = await server.askMask(chest, 'lung', radiograph);
    expect(mask).toMatchObject({ status: 'READY', panel: { id: radiograph } });
    expect(mask.areaPixels).toBeGreaterThan(500);
    const box = chest.panels[1]?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(mask.boxes.every((part) => isInside(part, box))).toBe(true);
    expect(await server.masksOf(chest)).toEqual([radiograph]);
    expect(await server.stats()).toMatchObject({ masks: 1 });
    const found = await server.find({ text: 'anything', channels: ['IMAGE'] }, { hasMask: { prompt: 'lung' } }, 10);
    expect(found.map(({ figure }) => figure.id)).toEqual([figureIdOf(chest.id)]);
  });

  it('are unchanged for a second ingest, which gives back the vector of a panel that has lost it', async () => {
    const lost = panelOf(drawn[7] ?? chest, 5);
    const before = (await imageVectors(server.place)).get(lost);
    // A server embeds within a minute what it finds without a vector.
    await server.stop();
    const database = await Database.open(server.place.data);
    await database.write((runner) => runner.query('DELETE FROM embedding WHERE panel_id = ?', [lost]));
    await database.close();
    const doctor = await run(server.place, ['doctor'], server.env);
    expect(doctor.stdout).toContain(`10 figures with ${allPanels} panels`);
    expect(doctor.stdout).toContain('1 panels are not embedded by starter');
    expect(await ingestRecords(server.place, server.file, figures.map(recordOf), server.env)).toMatchObject({
      updated: 1,
      unchanged: 9,
    });
    expect(
      dot((await imageVectors(server.place)).get(lost) ?? new Float32Array(), before ?? new Float32Array()),
    ).toBeCloseTo(1);
    await server.restart();
  });

  it('get other panels by another record; a mask stays with its box', async () => {
    const { panels } = chest;
    const reversed = { ...recordOf(chest), panels: recordOf(chest).panels.toReversed() };
    const records = [...drawn.map(recordOf), reversed];
    expect(await ingestRecords(server.place, server.file, records, server.env)).toMatchObject({
      updated: 1,
      unchanged: 9,
    });
    expect((await server.findByImage(panels[1]?.drawing ?? chest.image))?.panel).toEqual({
      id: panelOf(chest, 1),
      label: 'B',
    });
    expect(await server.masksOf(chest)).toEqual([panelOf(chest, 1)]);

    const moved = { ...recordOf(chest), panels: recordOf(chest).panels.slice(0, 1) };
    await ingestRecords(server.place, server.file, [...drawn.map(recordOf), moved], server.env);
    expect(await countRows(server.place, 'panel', chest)).toBe(2);
    expect(await countRows(server.place, 'embedding', chest)).toBe(4);
    expect(await server.masksOf(chest)).toEqual([]);
    expect(await server.stats()).toMatchObject({ panels: allPanels - 1, masks: 0 });
    expect(await server.find({ text: 'anything', channels: ['IMAGE'] }, { hasMask: { prompt: 'lung' } })).toEqual([]);

    await ingestRecords(server.place, server.file, figures.map(recordOf), server.env);
    expect(await server.masksOf(chest)).toEqual([panelOf(chest, 2)]);
    expect(await server.stats()).toEqual({ figures: 10, panels: allPanels, indexedPanels: allPanels, masks: 1 });
  });

  it('are embedded with all their panels by another model, which then names the same panels', async () => {
    const { code, stdout, stderr } = await run(server.place, ['models', 'use', 'other'], server.env);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('other is active (10 figures embedded now)');
    expect((await imageVectors(server.place, 'b%')).size).toBe(allPanels);
    await server.restart();
    for (const figure of [drawn[0], drawn[4], drawn[8]]) {
      const last = figure?.panels.length ?? 0;
      const hit = await server.findByImage(figure?.panels.at(-1)?.drawing ?? chest.image);
      expect(hit?.panel.id).toBe(panelOf(figure ?? chest, last));
    }
  });

  it('are gone with all their panels and vectors when they are deleted, and no mask of them is shown', async () => {
    const gone = [chest, drawn[8] ?? chest];
    const mask = await server.askMask(chest, 'lung', panelOf(chest, 2));
    for (const figure of gone) {
      await server.ask('mutation ($id: ID!) { deleteFigure(id: $id) }', { id: figureIdOf(figure.id) });
      expect([
        await countRows(server.place, 'panel', figure),
        await countRows(server.place, 'embedding', figure),
      ]).toEqual([0, 0]);
      for (const { drawing } of figure.panels) {
        expect((await server.findByImage(drawing))?.figure.id).not.toBe(figureIdOf(figure.id));
      }
    }
    expect(await server.ask('query ($id: ID!) { node(id: $id) { id } }', { id: mask.id })).toEqual({ node: null });
    expect(await server.stats()).toMatchObject({ figures: 8, panels: allPanels - 3 - 10, masks: 0 });
  });
});

function isInside({ x, y, width, height }: Box, box: Box): boolean {
  const isRight = x >= box.x && x + width <= box.x + box.width;
  return isRight && y >= box.y && y + height <= box.y + box.height;
}
