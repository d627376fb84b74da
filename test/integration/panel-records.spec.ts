import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { figureIdOf } from '../../src/domain/ids.js';
import { encodeJpeg, encodePng } from '../../src/imaging/encode.js';
import { newPlace, run } from '../support/figseek-process.js';
import { withOrientation } from '../support/jpeg-orientation.js';
import { writeImages } from '../support/panel-figures.js';
import { chest, drawn, ingestRecords, query } from '../support/panel-server.js';

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
    const report = await ingestRecords(place, path.join(folder, 'bad.jsonl'), [
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
    const { added, faults } = await ingestRecords(place, path.join(folder, 'turned.jsonl'), [
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
