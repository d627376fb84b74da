import { mkdtempSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FileBlobStore } from '../../src/adapters/files/file-blob-store.js';
import { ProcessImageReader } from '../../src/adapters/onnx/process-image-reader.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteStores } from '../../src/adapters/sqlite/sqlite-stores.js';
import { PictureMatching } from '../../src/corpus/pictures/picture-matching.js';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import { encodePng } from '../../src/imaging/encode.js';
import { pictureEdits } from '../../src/imaging/pictures/picture-edits.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { drawnPicture } from '../support/drawn-pictures.js';

const size = { width: 240, height: 180 };
const picture = drawnPicture(1);

/** The picture as another file. */
async function copy(name: string): Promise<Uint8Array> {
  const edit = pictureEdits.find((one) => one.name === name);
  if (edit === undefined) throw new Error(`There is no edit ${name}`);
  return edit.apply(picture);
}

describe('the comparing of pictures', () => {
  let folder: string;
  let database: Database;
  let stores: SqliteStores;
  let blobs: FileBlobStore;
  let reader: ProcessImageReader;
  let matching: PictureMatching;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'picture-matching-'));
    database = await Database.open(folder);
    stores = new SqliteStores(database);
    blobs = new FileBlobStore(path.join(folder, 'images'));
    reader = new ProcessImageReader({ processes: 1, maxPixels: 1e6, queue: 8 });
    matching = new PictureMatching(stores.pictures, blobs, reader);
  });

  afterEach(async () => {
    reader.close();
    await database.close();
  });

  /** Adds a figure of one panel, whose number is that of the figure; its signature is missing. */
  async function add(number: number, bytes: Uint8Array, box = size): Promise<void> {
    const drawn = drawnFigure(number);
    const figure = { ...drawn.figure, ...box, imageHash: await blobs.put(bytes) };
    const panels = drawn.panels.map((panel) => ({ ...panel, box: { x: 0, y: 0, ...box } }));
    await stores.writer.replace([{ ...drawn, figure, panels }]);
  }

  async function matchesOf(number: number): Promise<readonly string[]> {
    const found = await stores.pictures.matchesOf(figureIdOf(`figure-${number}`));
    return found.map(({ other }) => other.figureId).sort();
  }

  const figures = (...numbers: number[]) => numbers.map((number) => figureIdOf(`figure-${number}`)).sort();

  it('goes on with the other candidates where the image of one is gone', async () => {
    const [first, second] = [await copy('JPEG 40'), await copy('brighter')];
    await add(1, first);
    await add(2, second);
    await matching.run();
    await blobs.remove((await stores.pictures.picturesOf([1]))[0]?.imageHash ?? ('' as never));
    await add(3, await encodePng(picture));
    expect(await matching.run()).toEqual({ signed: 1, compared: 1, failed: 0 });
    expect(await matchesOf(3)).toEqual(figures(2));
  });

  it('leaves all pictures waiting where the folder of images is not there, and does them when it is', async () => {
    const count = 20;
    for (let number = 1; number <= count; number++) await add(number, await encodePng(drawnPicture(number)));
    const images = path.join(folder, 'images');
    renameSync(images, `${images}-away`);
    await expect(matching.run()).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    expect(await stores.pictures.pending()).toEqual({ unsigned: count, uncompared: 0 });
    renameSync(`${images}-away`, images);
    expect(await matching.run()).toEqual({ signed: count, compared: count, failed: 0 });
  });

  it('does not ask again for a file that is no image', async () => {
    await add(1, Buffer.from('no image'));
    await add(2, await encodePng(picture));
    expect(await matching.run()).toEqual({ signed: 1, compared: 1, failed: 1 });
    expect(await stores.pictures.pending()).toEqual({ unsigned: 0, uncompared: 0 });
  });

  it('makes damaged signatures anew, of the picture and of its candidates', async () => {
    await add(1, await encodePng(picture));
    await add(2, await copy('JPEG 40'));
    await add(3, await copy('brighter'));
    await matching.run();
    const all = await Promise.all([1, 2, 3].map(matchesOf));
    expect(all[0]).toEqual(figures(2, 3));
    await database.write(async (runner) => {
      await runner.query('DELETE FROM picture_match');
      await runner.query('UPDATE picture SET state = 1 WHERE panel_seq > 1');
      await runner.query(`UPDATE picture SET signature = x'63' WHERE panel_seq < 3`);
    });
    await matching.run();
    expect(await Promise.all([1, 2, 3].map(matchesOf))).toEqual(all);
    expect(await stores.pictures.pending()).toEqual({ unsigned: 0, uncompared: 0 });
  });

  it('passes over what came before a number', async () => {
    for (const number of [1, 2, 3]) await add(number, await encodePng(drawnPicture(number)));
    expect(await matching.run({ after: 2 })).toEqual({ signed: 1, compared: 1, failed: 0 });
    expect(await stores.pictures.pending()).toEqual({ unsigned: 2, uncompared: 0 });
  });

  it('puts thirty copies into one group, though more of them are nearer than its first figure', async () => {
    const count = 30;
    await add(1, await copy('half size at JPEG 40'), { width: 120, height: 90 });
    const bytes = await encodePng(picture);
    for (let number = 2; number <= count; number++) await add(number, bytes);
    await matching.run();
    await stores.panels.update(await stores.filters.corpus());
    const groups = new Set(
      Array.from({ length: count }, (_, at) => stores.panels.groupOf(panelIdOf(figureIdOf(`figure-${at + 1}`), 0))),
    );
    expect([...groups]).toEqual([1]);
  }, 60_000);
});
