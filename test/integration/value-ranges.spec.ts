import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { newPlace, startServer } from '../support/figseek-process.js';
import { scaleLevels, writeStrip } from '../support/level-images.js';
import { askData, ingestSource, makeImage } from '../support/source-ingest.js';
import { numberBytes } from '../support/tiff-writer.js';

interface Figures {
  readonly figures: { readonly nodes: readonly { readonly sourceKey: string; readonly valueRange: object | null }[] };
}

it('keeps with a figure which values of its image are black and white', async () => {
  const [place, folder] = [newPlace(), mkdtempSync(path.join(tmpdir(), 'ranges-'))];
  const write = (name: string, bytes: Uint8Array) => {
    writeFileSync(path.join(folder, name), bytes);
  };
  write('eight.png', await makeImage(1));
  write('twelve.tif', writeStrip(numberBytes(scaleLevels(16), 'u16'), { bits: 16 }));
  write('full.tif', writeStrip(numberBytes(scaleLevels(257), 'u16'), { bits: 16 }));
  write('signed.tif', writeStrip(numberBytes(scaleLevels(8, -1000), 'i16'), { bits: 16, format: 2 }));
  const records = ['eight.png', 'twelve.tif', 'full.tif', 'signed.tif'].map((image) => ({ id: image, image }));
  const windowed = { id: 'windowed', image: 'eight.png', valueRange: { low: -160, high: 240 } };
  const file = path.join(folder, 'figures.jsonl');
  writeFileSync(file, [...records, windowed].map((record) => JSON.stringify(record)).join('\n'));
  expect(await ingestSource(place, file)).toMatchObject({ added: 5, rejected: 0 });
  const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  const query = '{ figures(first: 9) { nodes { sourceKey valueRange { low high by } } } }';
  const { figures } = await askData<Figures>(server, query).finally(() => server.stop());
  expect(Object.fromEntries(figures.nodes.map(({ sourceKey, valueRange }) => [sourceKey, valueRange]))).toEqual({
    'eight.png': null,
    'twelve.tif': { low: 0, high: 4080, by: 'VALUES' },
    'full.tif': { low: 0, high: 65_535, by: 'TYPE' },
    'signed.tif': { low: -1000, high: 1040, by: 'VALUES' },
    windowed: { low: -160, high: 240, by: 'FILE' },
  });
});
