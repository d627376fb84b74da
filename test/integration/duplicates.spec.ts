import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqlitePictureStore } from '../../src/adapters/sqlite/picture-store.js';
import { figureIdOf } from '../../src/domain/ids.js';
import { crop } from '../../src/imaging/crop.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { encodePng } from '../../src/imaging/encode.js';
import { pictureEdits } from '../../src/imaging/pictures/picture-edits.js';
import { drawnPicture } from '../support/drawn-pictures.js';
import { newPlace, run, start, startServer, ending, type Place, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';

interface Match {
  readonly figure: { readonly sourceKey: string };
  readonly similarity: number;
  readonly changes: readonly string[];
  readonly isSamePicture: boolean;
}

const document = `query ($id: ID!, $min: Float, $same: Boolean, $first: Int! = 50) {
  duplicatesOf(figureId: $id, minSimilarity: $min, samePicture: $same, first: $first) {
    figure { sourceKey } panel { label } ownPanel { label } similarity changes isSamePicture
    box { x y width height } otherBox { x y width height }
  }
  figure(id: $id) { duplicates { sourceKey } }
}`;

/** Records of pictures, and of changed copies of the first one. */
async function writePictures(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pictures-'));
  mkdirSync(path.join(folder, 'images'));
  const lines: string[] = [];
  const add = (id: string, bytes: Uint8Array, panels: readonly object[] = []) => {
    writeFileSync(path.join(folder, 'images', id), bytes);
    const article = { title: `Article of ${id}` };
    lines.push(JSON.stringify({ id, image: `images/${id}`, caption: `the figure ${id}`, panels, article }));
  };
  const picture = drawnPicture(1, 480, 360);
  add('original', await encodePng(picture));
  for (const [id, name] of Object.entries(copies)) {
    const edit = pictureEdits.find((one) => one.name === name);
    if (edit !== undefined) add(id, await edit.apply(picture));
  }
  for (const seed of [2, 3, 4]) add(`other-${seed}`, await encodePng(drawnPicture(seed, 480, 360)));
  // A compound figure whose second panel is the first picture.
  const compound = beside(drawnPicture(5, 300, 360), picture);
  const panels = [
    { label: 'A', box: { x: 0, y: 0, width: 300, height: 360 } },
    { label: 'B', box: { x: 300, y: 0, width: 480, height: 360 } },
  ];
  add('compound', await encodePng(compound), panels);
  const file = path.join(folder, 'records.jsonl');
  writeFileSync(file, lines.join('\n'));
  return file;
}

const copies = { half: 'half size', mirror: 'mirrored', turned: 'rotated by 90°', cropped: 'crop of 80 %' };

function beside(left: ReturnType<typeof drawnPicture>, right: typeof left): typeof left {
  const width = left.width + right.width;
  const data = new Uint8Array(width * left.height * 3);
  for (let y = 0; y < left.height; y++) {
    data.set(left.data.subarray(3 * y * left.width, 3 * (y + 1) * left.width), 3 * y * width);
    data.set(right.data.subarray(3 * y * right.width, 3 * (y + 1) * right.width), 3 * (y * width + left.width));
  }
  return { width, height: left.height, data };
}

describe('pictures in more than one figure', () => {
  let place: Place;
  let server: Server;

  beforeAll(async () => {
    place = newPlace();
    const { code, stderr } = await run(place, ['ingest', await writePictures()]);
    if (code !== 0) throw new Error(stderr);
    server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  }, 120_000);

  afterAll(() => server.stop());

  async function matchesOf(key: string, variables: object = {}): Promise<readonly Match[]> {
    const { data, errors } = await askServer<{ duplicatesOf: Match[] }>(server, document, {
      id: figureIdOf(key),
      ...variables,
    });
    if (errors !== undefined) throw new Error(errors[0]?.extensions.code);
    return data?.duplicatesOf ?? [];
  }

  it('are found with what was done to them, the same picture first', async () => {
    const found = await matchesOf('original');
    const changesOf = (key: string) =>
      found.filter(({ figure }) => figure.sourceKey === key).map(({ changes }) => changes);
    expect(found[0]).toMatchObject({
      figure: { sourceKey: 'compound' },
      isSamePicture: true,
      panel: { label: 'B' },
      changes: [],
    });
    expect(changesOf('half')).toEqual([['RESCALED']]);
    expect(changesOf('mirror')).toEqual([['MIRRORED']]);
    expect(changesOf('turned')).toEqual([['ROTATED_90']]);
    expect(changesOf('cropped')).toEqual([['CROPPED']]);
    expect(changesOf('compound')).toContainEqual(['CROPPED']);
    expect(found.filter(({ figure }) => figure.sourceKey.startsWith('other'))).toEqual([]);
    const [back] = (await matchesOf('turned')).filter(({ figure }) => figure.sourceKey === 'original');
    expect(back?.changes).toEqual(['ROTATED_270']);
  });

  it('are told with the common part in both', async () => {
    const [cropped] = (await matchesOf('original')).filter(({ figure }) => figure.sourceKey === 'cropped');
    const { box } = cropped as unknown as { box: { x: number; y: number; width: number; height: number } };
    // Cut at 30 % of what was left over in width, and 70 % in height; boxes go by blocks of 16 pixels.
    expect(Math.abs(box.x - 29)).toBeLessThan(20);
    expect(Math.abs(box.y - 50)).toBeLessThan(20);
    expect(Math.abs(box.width - 384)).toBeLessThan(40);
  });

  it('are limited by similarity and number', async () => {
    const all = await matchesOf('original');
    expect(await matchesOf('original', { first: 2 })).toEqual(all.slice(0, 2));
    const alike = await matchesOf('original', { min: 0.999 });
    expect(alike).toEqual(all.filter(({ similarity }) => similarity >= 0.999));
    const changed = await matchesOf('original', { same: false });
    expect(changed).toEqual(all.filter(({ isSamePicture }) => !isSamePicture));
    expect(await matchesOf('original', { same: true })).toHaveLength(all.length - changed.length);
    await expect(matchesOf('original', { min: 2 })).rejects.toThrow('BAD_USER_INPUT');
    await expect(matchesOf('nothing')).rejects.toThrow('NOT_FOUND');
  });

  it('are shown once in an answer only where they are the same as wholes', async () => {
    const { data } = await askServer<{
      searchFigures: { nodes: { figure: { sourceKey: string }; duplicates: { sourceKey: string }[] }[] };
    }>(
      server,
      `query ($id: ID!) { searchFigures(query: { image: { figureId: $id } }, first: 20) { nodes { figure { sourceKey } duplicates { sourceKey } } } }`,
      { id: figureIdOf('original') },
    );
    const nodes = data?.searchFigures.nodes ?? [];
    const together = nodes.filter(({ duplicates }) => duplicates.length > 0);
    expect(
      together.map(({ figure, duplicates }) =>
        [figure.sourceKey, ...duplicates.map(({ sourceKey }) => sourceKey)].sort(),
      ),
    ).toEqual([['half', 'original']]);
    expect(nodes).toHaveLength(8);
  });

  it('are printed by the command line, for a figure and for the corpus', async () => {
    const json = await run(place, ['duplicates', figureIdOf('half'), '--json']);
    expect(json).toMatchObject({ code: 0 });
    const { matches, pending } = JSON.parse(json.stdout) as {
      matches: { other: { sourceKey: string } }[];
      pending: object;
    };
    expect(matches[0]).toMatchObject({ figure: { sourceKey: 'half' }, isSamePicture: true, changes: ['RESCALED'] });
    expect(pending).toEqual({ unsigned: 0, uncompared: 0 });
    const text = await run(place, ['duplicates', '--same']);
    expect(text.stdout).toContain('original  and  half');
    expect(text.stdout).toContain('the same picture, rescaled, similarity 0.99');
    expect(text.stdout).not.toContain('mirrored');
    expect((await run(place, ['duplicates', 'fig_absent'])).stderr).toContain('There is no figure fig_absent');
  });

  it('are found among figures that are added to a running server', async () => {
    const picture = await decodeImage(
      await encodePng(crop(drawnPicture(2, 480, 360), { x: 0, y: 0, width: 0.85, height: 0.85 })),
    );
    const base64 = Buffer.from(await encodePng(picture.image)).toString('base64');
    const input = { base64, caption: 'added', sourceKey: 'added' };
    await askServer(server, `mutation ($input: AddFigureInput!) { addFigure(input: $input) { id } }`, { input });
    let found: readonly Match[] = [];
    while (found.length === 0) {
      found = await matchesOf('added');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(found).toMatchObject([{ figure: { sourceKey: 'other-2' }, changes: ['CROPPED'], isSamePicture: false }]);
  });
});

describe('the comparing of pictures', () => {
  let place: Place;

  beforeAll(async () => {
    place = newPlace();
    expect((await run(place, ['ingest', await writePictures()])).code).toBe(0);
  }, 120_000);

  it('goes on after kill -9, and finds the same', async () => {
    const whole = await run(place, ['duplicates', '--json']);
    // As a database of an older version is: no signature is there.
    const database = await Database.open(place.data);
    await database.write(async (runner) => {
      for (const table of ['picture_match', 'picture_code', 'picture_group'])
        await runner.query(`DELETE FROM ${table}`);
      await runner.query('UPDATE picture SET state = 0, signature = NULL');
    });
    const store = new SqlitePictureStore(database);
    const all = (await store.pending()).unsigned;
    const child = start(place, ['duplicates', '--compare']);
    const ended = ending(child);
    while ((await store.pending()).uncompared < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await ended;
    const left = await store.pending();
    expect(left.unsigned + left.uncompared).toBeGreaterThan(0);
    expect(left.unsigned + left.uncompared).toBeLessThanOrEqual(all);
    await database.close();
    const again = await run(place, ['duplicates', '--compare', '--json']);
    expect(again).toMatchObject({ code: 0 });
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(whole.stdout));
  }, 120_000);

  it('leaves an image that is gone waiting, does the others, and says so', async () => {
    const database = await Database.open(place.data);
    await database.write((runner) => runner.query('UPDATE picture SET state = 0, signature = NULL'));
    const [first] = await new SqlitePictureStore(database).listUnsigned(1);
    const hash = first?.imageHash ?? '';
    await database.write((runner) =>
      runner.query(`UPDATE figure SET image_hash = ? WHERE image_hash = ?`, ['0'.repeat(64), hash]),
    );
    const { code, stderr } = await run(place, ['duplicates', '--compare', '--json']);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`The image file ${'0'.repeat(64)} is missing`);
    expect(await new SqlitePictureStore(database).pending()).toEqual({ unsigned: 1, uncompared: 0 });
    await database.close();
  }, 120_000);

  it('of an ingest begins with what it took in, and says how much waits', async () => {
    const upgraded = newPlace();
    const records = await writePictures();
    const most = await run(upgraded, ['ingest', records, '--limit', '7']);
    expect(most).toMatchObject({ code: 0, stderr: expect.not.stringContaining('wait') });
    const database = await Database.open(upgraded.data);
    await database.write((runner) => runner.query('UPDATE picture SET state = 0, signature = NULL'));
    const { code, stderr } = await run(upgraded, ['ingest', records]);
    expect(code).toBe(0);
    expect(stderr).toContain('7 pictures wait for being compared with others');
    expect(stderr).toContain('figseek duplicates --compare');
    expect(await new SqlitePictureStore(database).pending()).toEqual({ unsigned: 7, uncompared: 0 });
    await database.close();
  }, 120_000);
});
