import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { figureIdOf } from '../../src/domain/ids.js';
import { encodePng } from '../../src/imaging/encode.js';
import { drawingOf } from '../support/compound-figure.js';
import { newPlace, startServer, type Server } from '../support/figseek-process.js';
import { askData, ingestSource } from '../support/source-ingest.js';

const id = figureIdOf('one');

describe('figures that a person changes', () => {
  const place = newPlace();
  const folder = mkdtempSync(path.join(tmpdir(), 'edited-'));
  let server: Server;

  const ingest = async (caption: string) => {
    const records = [
      { id: 'one', image: 'one.png', caption, labels: ['smear'], license: 'CC-BY-4.0', licenseText: 'By name.' },
      { id: 'two', image: 'two.png', caption: 'An eye', labels: ['eye'] },
    ];
    writeFileSync(path.join(folder, 'figures.jsonl'), records.map((one) => JSON.stringify(one)).join('\n'));
    return ingestSource(place, path.join(folder, 'figures.jsonl'));
  };
  function ask<Data>(text: string, variables: object = {}): Promise<Data> {
    return askData<Data>(server, text, variables);
  }
  const fields = 'caption labels modality license licenseText';
  const figure = async () =>
    (await ask<{ figure: object }>(`query ($id: ID!) { figure(id: $id) { ${fields} } }`, { id })).figure;
  const update = (input: object) =>
    ask(`mutation ($id: ID!, $input: UpdateFigureInput!) { updateFigure(id: $id, input: $input) { ${fields} } }`, {
      id,
      input,
    });
  const found = async (text: string, channel: string) => {
    const { searchFigures } = await ask<{
      searchFigures: { nodes: { figure: { id: string }; evidence: { score: number }[] }[] };
    }>(`query ($query: SearchInput!) { searchFigures(query: $query) { nodes { evidence { score } figure { id } } } }`, {
      query: { text, channels: [channel] },
    });
    return searchFigures.nodes.map(({ figure: { id: one }, evidence: [own] }) => ({ id: one, score: own?.score }));
  };

  beforeAll(async () => {
    writeFileSync(path.join(folder, 'one.png'), await encodePng(drawingOf('blood smear')));
    writeFileSync(path.join(folder, 'two.png'), await encodePng(drawingOf('fundus photograph')));
    expect(await ingest('A smear of blood')).toMatchObject({ added: 2, rejected: 0 });
    server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  });
  afterAll(() => server.stop());

  it('are found by a new caption at once, by its words and its meaning, and no longer by the old one', async () => {
    expect((await found('smear of blood', 'KEYWORD'))[0]?.id).toBe(id);
    await update({ caption: 'Platelets under magnification', labels: ['platelets', 'blood'], modality: 'microscopy' });
    expect(await figure()).toMatchObject({ caption: 'Platelets under magnification', modality: 'microscopy' });
    expect((await found('magnification', 'KEYWORD')).map((one) => one.id)).toEqual([id]);
    // The labels hold “blood” still, the caption does not hold “smear”.
    expect(await found('smear', 'KEYWORD')).toEqual([]);
    const [best] = await found('Platelets under magnification', 'CAPTION');
    expect(best).toEqual({ id, score: expect.closeTo(1, 3) });
    expect((await found('A smear of blood', 'CAPTION'))[0]?.score).toBeLessThan(0.99);
    expect((await found('magnification', 'IMAGE')).map((one) => one.id)).toContain(id);
  });

  it('stay as they were changed when their record is read again, also with another caption', async () => {
    expect(await ingest('A smear of blood')).toMatchObject({ unchanged: 2 });
    expect(await ingest('A smear of blood, newer')).toMatchObject({ updated: 1, rejected: 0 });
    expect(await figure()).toMatchObject({ caption: 'Platelets under magnification', labels: ['platelets', 'blood'] });
    expect((await found('magnification', 'KEYWORD')).map((one) => one.id)).toEqual([id]);
    expect(await found('newer', 'KEYWORD')).toEqual([]);
  });

  it('tell their history, and lose the words of a license with it', async () => {
    await update({ license: 'CC0-1.0' });
    await ask('mutation ($id: ID!) { setFigureLabels(figureId: $id, labels: ["thrombocytes"]) { labels } }', { id });
    expect(await figure()).toMatchObject({ license: 'CC0-1.0', licenseText: null, labels: ['thrombocytes'] });
    const { figure: told } = await ask<{ figure: { edits: { nodes: { field: string }[] } } }>(
      `query ($id: ID!) { figure(id: $id) { edits { nodes { field from to isRelease editor } } } }`,
      { id },
    );
    expect(told.edits.nodes.map(({ field }) => field)).toEqual([
      ...['caption', 'labels', 'modality', 'license', 'licenseText', 'labels'],
    ]);
    expect(told.edits.nodes[1]).toEqual({
      ...{ field: 'labels', from: ['smear'], to: ['platelets', 'blood'], isRelease: false, editor: 'local-operator' },
    });
  });

  it('are given back to what the record says now', async () => {
    await ask('mutation ($id: ID!) { releaseFigureEdits(id: $id) { caption } }', { id });
    expect(await figure()).toEqual({
      caption: 'A smear of blood, newer',
      labels: ['smear'],
      modality: null,
      license: 'CC-BY-4.0',
      licenseText: 'By name.',
    });
    expect((await found('newer', 'KEYWORD')).map((one) => one.id)).toEqual([id]);
    expect((await found('A smear of blood, newer', 'CAPTION'))[0]).toEqual({ id, score: expect.closeTo(1, 3) });
    expect(await ingest('A smear of blood, newest')).toMatchObject({ updated: 1 });
    expect(await figure()).toMatchObject({ caption: 'A smear of blood, newest' });
    await expect(ask('mutation ($id: ID!) { releaseFigureEdits(id: $id) { id } }', { id })).rejects.toThrow('CONFLICT');
  });

  it('are refused without a value, and where there is no such figure', async () => {
    await expect(update({})).rejects.toThrow('BAD_USER_INPUT');
    await expect(ask('mutation { setFigureLabels(figureId: "fig_none", labels: []) { id } }')).rejects.toThrow(
      'NOT_FOUND',
    );
  });
});
