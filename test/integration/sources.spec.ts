import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { newPlace, run, startServer, type Place } from '../support/figseek-process.js';
import { askData, ingestSource, makeImage } from '../support/source-ingest.js';

async function writeFolder(folder: string, images: Readonly<Record<string, number>>): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const [name, number] of Object.entries(images)) {
    writeFileSync(path.join(folder, name), await makeImage(number));
    writeFileSync(path.join(folder, name.replace('.png', '.txt')), `caption of picture ${number}`);
  }
  return folder;
}

describe('records and their sources', () => {
  let place: Place;
  let root: string;
  const figures = async (): Promise<readonly { id: string; source: string | null; caption: string }[]> => {
    const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
    try {
      type Listed = { figures: { nodes: { id: string; source: string | null; caption: string }[] } };
      return (await askData<Listed>(server, '{ figures(first: 50) { nodes { id source caption } } }')).figures.nodes;
    } finally {
      await server.stop();
    }
  };

  beforeAll(() => {
    place = newPlace();
    root = mkdtempSync(path.join(tmpdir(), 'sources-'));
  });

  it('keeps the figures of two folders that name their files alike', async () => {
    const one = await writeFolder(path.join(root, 'one/slides'), { 'figure1.png': 1, 'figure2.png': 2 });
    const two = await writeFolder(path.join(root, 'two/slides'), { 'figure1.png': 3 });
    expect(await ingestSource(place, one)).toMatchObject({ added: 2, sourceName: 'slides' });
    const before = await figures();
    expect(await ingestSource(place, two)).toMatchObject({ added: 1, updated: 0, sourceName: 'slides-2' });
    const after = await figures();
    expect(after.slice(0, 2)).toEqual(before);
    expect(after.map(({ source, caption }) => `${source ?? ''}: ${caption}`)).toEqual([
      'slides: caption of picture 1',
      'slides: caption of picture 2',
      'slides-2: caption of picture 3',
    ]);
    expect(await ingestSource(place, one)).toMatchObject({ unchanged: 2, sourceName: 'slides' });
    expect(await ingestSource(place, two)).toMatchObject({ unchanged: 1, sourceName: 'slides-2' });
  });

  it('refuses what belongs to another source, until a person says which source it is', async () => {
    const moved = await writeFolder(path.join(root, 'moved/slides'), { 'figure1.png': 1, 'figure2.png': 2 });
    writeFileSync(path.join(moved, 'figure1.txt'), 'another caption');
    const refused = await ingestSource(place, moved);
    expect(refused).toMatchObject({ added: 0, updated: 0, rejected: 2 });
    expect(refused.faults[0]).toMatchObject({
      code: 'OTHER_SOURCE',
      message: expect.stringMatching(/belongs to the source “slides”.*--source "slides".*another name/s) as unknown,
    });
    expect(await ingestSource(place, moved, '--source', 'slides')).toMatchObject({
      updated: 1,
      unchanged: 1,
      rejected: 0,
    });
    expect(await ingestSource(place, moved, '--source', 'copies')).toMatchObject({ added: 2, sourceName: 'copies' });
    const { code, stderr } = await run(place, ['ingest', moved, '--source', ' ']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/name of a source/) as unknown });
  });

  it('does not take a deleted figure again, unless it is asked to; then it returns to its collections', async () => {
    const folder = await writeFolder(path.join(root, 'deleted'), { 'a.png': 11, 'b.png': 12 });
    await ingestSource(place, folder);
    const [gone] = (await figures()).filter(({ caption }) => caption === 'caption of picture 11');
    const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
    let collection: string;
    try {
      const made = await askData<{ createCollection: { id: string } }>(
        server,
        'mutation { createCollection(name: "Mine") { id } }',
      );
      collection = made.createCollection.id;
      await askData(
        server,
        'mutation ($c: ID!, $f: [ID!]!) { addToCollection(id: $c, figureIds: $f, note: "why") { id } }',
        {
          c: collection,
          f: [gone?.id],
        },
      );
      await askData(server, 'mutation ($id: ID!) { deleteFigure(id: $id) }', { id: gone?.id });
    } finally {
      await server.stop();
    }
    expect(await ingestSource(place, folder)).toMatchObject({ added: 0, unchanged: 2, deleted: 1 });
    expect((await run(place, ['ingest', folder])).stdout).toMatch(/1 of them stay out because they were deleted here/);
    expect(await ingestSource(place, folder, '--restore-deleted')).toMatchObject({ added: 1, deleted: 0 });
    const again = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
    try {
      const { collection: found } = await askData<{ collection: { items: { nodes: object[] } } }>(
        again,
        'query ($c: ID!) { collection(id: $c) { items { nodes { note figure { id caption } } } } }',
        { c: collection },
      );
      expect(found.items.nodes).toEqual([{ note: 'why', figure: { id: gone?.id, caption: gone?.caption } }]);
    } finally {
      await again.stop();
    }
  });
});
