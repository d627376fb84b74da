import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { figureIdOf } from '../../src/domain/ids.js';
import { encodeJpeg, encodePng } from '../../src/imaging/encode.js';
import { drawingOf } from '../support/compound-figure.js';
import { newPlace, run, startServer, type Server } from '../support/figseek-process.js';
import { withOrientation } from '../support/jpeg-orientation.js';
import { askServer } from '../support/mask-server.js';

interface Report {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly faults: readonly { readonly sourceKey: string; readonly message: string }[];
}

interface Asked {
  readonly figure: {
    readonly width: number;
    readonly pixelSpacing: readonly number[] | null;
    readonly mask: { readonly areaPixels: number; readonly areaMm2: number | null };
  };
}

const place = newPlace();
const folder = mkdtempSync(path.join(tmpdir(), 'spacing-'));

describe('the spacing of pixels', () => {
  let server: Server;

  beforeAll(async () => {
    const ct = drawingOf('abdominal CT');
    writeFileSync(path.join(folder, 'ct.png'), await encodePng(ct));
    writeFileSync(path.join(folder, 'turned.jpg'), withOrientation(await encodeJpeg(ct), 6));
    writeFileSync(path.join(folder, 'upside-down.jpg'), withOrientation(await encodeJpeg(ct), 3));
    const report = await ingest([
      { id: 'ct', image: 'ct.png', pixelSpacing: [0.8, 0.5] },
      { id: 'turned', image: 'turned.jpg', pixelSpacing: [0.8, 0.5] },
      { id: 'upside-down', image: 'upside-down.jpg', pixelSpacing: [0.8, 0.5] },
      { id: 'silent', image: 'ct.png', pixelSpacing: null },
    ]);
    expect(report).toMatchObject({ added: 4, faults: [] });
    server = await startServer(place);
  });

  afterAll(async () => {
    await server.stop();
  });

  async function figure(id: string): Promise<Asked['figure']> {
    const { data, errors } = await askServer<Asked>(
      server,
      `query ($id: ID!) { figure(id: $id) {
        width pixelSpacing mask(prompt: "liver", waitMs: 120000) { areaPixels areaMm2 } } }`,
      { id: figureIdOf(id) },
    );
    if (data === undefined || errors !== undefined) throw new Error(errors?.[0]?.message);
    return data.figure;
  }

  it('gives masks an area in square millimeters', async () => {
    const { pixelSpacing, mask } = await figure('ct');
    expect(pixelSpacing).toEqual([0.8, 0.5]);
    expect(mask.areaPixels).toBeGreaterThan(1000);
    expect(mask.areaMm2).toBeCloseTo(mask.areaPixels * 0.4, 6);
    const args = ['segment', figureIdOf('ct'), '--prompt', 'liver', '--json'];
    const { stdout, stderr } = await run(place, args);
    if (stdout === '') throw new Error(stderr);
    expect(JSON.parse(stdout)).toMatchObject({ areaPixels: mask.areaPixels, areaMm2: mask.areaMm2 });
  });

  it('is that of the image as it is shown: rows and columns change places where it is turned on its side', async () => {
    const [upright, turned, over] = await Promise.all(['ct', 'turned', 'upside-down'].map(figure));
    expect(turned?.width).not.toBe(upright?.width);
    expect(turned?.pixelSpacing).toEqual([0.5, 0.8]);
    expect(over?.pixelSpacing).toEqual([0.8, 0.5]);
  });

  it('is not known where no record tells it, and then no area in square millimeters is', async () => {
    const { pixelSpacing, mask } = await figure('silent');
    expect({ pixelSpacing, areaMm2: mask.areaMm2 }).toEqual({ pixelSpacing: null, areaMm2: null });
    const { stdout } = await run(place, ['segment', path.join(folder, 'ct.png'), '--prompt', 'liver', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ areaMm2: null });
  });

  it('that changed is an update of the figure', async () => {
    const record = { id: 'ct', image: 'ct.png', pixelSpacing: [0.8, 0.5] };
    expect(await ingest([record])).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await ingest([{ ...record, pixelSpacing: [1, 0.5] }])).toMatchObject({ updated: 1, unchanged: 0 });
    const { pixelSpacing, mask } = await figure('ct');
    expect(pixelSpacing).toEqual([1, 0.5]);
    expect(mask.areaMm2).toBeCloseTo(mask.areaPixels * 0.5, 6);
    // Also to nothing.
    expect(await ingest([{ ...record, pixelSpacing: null }])).toMatchObject({ updated: 1 });
    expect(await figure('ct')).toMatchObject({ pixelSpacing: null, mask: { areaMm2: null } });
  });

  it.each([[[0.5]], [[0.5, 0]], [[0.5, -1]], [[0.5, 0.5, 1]], [['0.5', 0.5]], [0.5], [[1e300, 1]]])(
    'refuses %j with what was expected',
    async (pixelSpacing) => {
      const { faults } = await ingest([{ id: 'wrong', image: 'ct.png', pixelSpacing }]);
      expect(faults).toMatchObject([
        { sourceKey: 'wrong', message: expect.stringMatching(/Expected two numbers above 0/) },
      ]);
      expect(faults[0]?.message).toContain(`received ${JSON.stringify(pixelSpacing)}`);
    },
  );

  it('comes with a figure that a client adds', async () => {
    const base64 = (await encodePng(drawingOf('chest CT'))).toString('base64');
    const add = (pixelSpacing: readonly number[]) =>
      askServer(server, `mutation ($input: AddFigureInput!) { addFigure(input: $input) { pixelSpacing } }`, {
        input: { base64, caption: 'Chest CT', pixelSpacing },
      });
    const { errors } = await add([1]);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(errors?.[0]?.message).toMatch(/pixelSpacing: Expected two numbers/);
    expect((await add([0.7, 0.6])).data).toEqual({ addFigure: { pixelSpacing: [0.7, 0.6] } });
  });
});

async function ingest(records: readonly object[]): Promise<Report> {
  const file = path.join(folder, 'figures.jsonl');
  writeFileSync(file, records.map((record) => JSON.stringify(record)).join('\n'));
  const { stdout, stderr } = await run(place, ['ingest', file, '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}
