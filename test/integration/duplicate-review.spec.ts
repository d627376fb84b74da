import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { figureIdOf } from '../../src/domain/ids.js';
import { encodePng } from '../../src/imaging/encode.js';
import { pictureEdits } from '../../src/imaging/pictures/picture-edits.js';
import { drawnPicture } from '../support/drawn-pictures.js';
import { newPlace, startServer, type Server } from '../support/figseek-process.js';
import { askData, ingestSource } from '../support/source-ingest.js';

const [original, half, other] = ['original', 'half', 'other'].map(figureIdOf);

interface Group {
  readonly size: number;
  readonly figures: readonly { readonly id: string }[];
  readonly decisions: readonly { readonly verdict: string; readonly kept: { readonly id: string } | null }[];
}

interface DecisionPage {
  readonly nodes: readonly { readonly verdict: string; readonly figures: readonly object[] }[];
  readonly pageInfo: { readonly endCursor: string | null };
}

describe('the review of duplicates', () => {
  const place = newPlace();
  const folder = mkdtempSync(path.join(tmpdir(), 'review-'));
  let server: Server;

  const ingest = (caption: string) => {
    const records = ['original', 'half', 'other'].map((id) => ({
      id,
      image: `${id}.png`,
      caption: `${id}, ${caption}`,
    }));
    writeFileSync(path.join(folder, 'records.jsonl'), records.map((one) => JSON.stringify(one)).join('\n'));
    return ingestSource(place, path.join(folder, 'records.jsonl'));
  };
  function ask<Data>(text: string, variables: object = {}): Promise<Data> {
    return askData<Data>(server, text, variables);
  }
  const decide = (verdict: string, keep: string | null = null, figureIds = [original, half]) =>
    ask<{ decideDuplicates: { verdict: string }[] }>(
      `mutation ($figureIds: [ID!]!, $verdict: DuplicateVerdict!, $keep: ID) {
        decideDuplicates(figureIds: $figureIds, verdict: $verdict, keep: $keep) {
          verdict decidedBy decidedAt kept { id } figures { id } } }`,
      { figureIds, verdict, keep },
    );
  const groups = async (reviewed: boolean | null = false): Promise<readonly Group[]> => {
    const { duplicateGroups } = await ask<{ duplicateGroups: { nodes: Group[] } }>(
      `query ($reviewed: Boolean) { duplicateGroups(reviewed: $reviewed) {
        nodes { size figures { id } decisions { verdict kept { id } } } } }`,
      { reviewed },
    );
    return duplicateGroups.nodes;
  };
  const found = async (collapseDuplicates: boolean) => {
    const { searchFigures } = await ask<{ searchFigures: { nodes: { figure: { id: string } }[] } }>(
      `query ($query: SearchInput!) { searchFigures(query: $query) { nodes { figure { id } } } }`,
      { query: { image: { figureId: original }, channels: ['IMAGE'], collapseDuplicates } },
    );
    return searchFigures.nodes.map(({ figure }) => figure.id).sort();
  };
  const listed = async () =>
    (
      await ask<{ figures: { total: number; nodes: { id: string }[] } }>('{ figures { total nodes { id } } }')
    ).figures.nodes.map(({ id }) => id);
  const matches = async () =>
    (
      await ask<{ duplicatesOf: object[]; figure: { duplicates: object[] } }>(
        'query ($id: ID!) { duplicatesOf(figureId: $id) { similarity } figure(id: $id) { duplicates { id } } }',
        { id: half },
      )
    ).duplicatesOf.length;

  beforeAll(async () => {
    const picture = drawnPicture(1, 480, 360);
    const smaller = await pictureEdits.find(({ name }) => name === 'half size')?.apply(picture);
    if (smaller === undefined) throw new Error('Expected the edit “half size”');
    writeFileSync(path.join(folder, 'original.png'), await encodePng(picture));
    writeFileSync(path.join(folder, 'half.png'), smaller);
    writeFileSync(path.join(folder, 'other.png'), await encodePng(drawnPicture(2, 480, 360)));
    expect(await ingest('first')).toMatchObject({ added: 3, rejected: 0 });
    server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  });
  afterAll(() => server.stop());

  it('lists what waits for a decision', async () => {
    const [group, ...rest] = await groups();
    expect(group).toMatchObject({ size: 2, decisions: [] });
    expect(group?.figures.map(({ id }) => id).sort()).toEqual([original, half].sort());
    expect(rest).toEqual([]);
    expect(await groups(true)).toEqual([]);
  });

  it('hides all but the one that is kept, and shows them again', async () => {
    const { decideDuplicates } = await decide('KEEP_ONE', half);
    expect(decideDuplicates).toMatchObject([{ verdict: 'KEEP_ONE', decidedBy: 'local-operator', kept: { id: half } }]);
    expect(await groups()).toEqual([]);
    expect(await groups(true)).toMatchObject([{ decisions: [{ verdict: 'KEEP_ONE', kept: { id: half } }] }]);
    expect(await found(false)).toEqual([half, other].sort());
    expect((await listed()).sort()).toEqual([half, other].sort());
    const { figure } = await ask<{ figure: object }>('query ($id: ID!) { figure(id: $id) { id isHidden } }', {
      id: original,
    });
    expect(figure).toEqual({ id: original, isHidden: true });
    expect(await ingest('second')).toMatchObject({ updated: 3 });
    expect(await found(false)).toEqual([half, other].sort());
    expect((await decide('UNDECIDED')).decideDuplicates).toEqual([]);
    expect(await found(false)).toEqual([original, half, other].sort());
    expect(await listed()).toHaveLength(3);
  });

  it('parts figures for good that are not the same, also after their records were read again', async () => {
    expect(await found(true)).toHaveLength(2);
    await decide('NOT_SAME');
    expect(await found(true)).toHaveLength(3);
    expect(await groups(null)).toEqual([]);
    expect(await matches()).toBe(0);
    expect(await ingest('third')).toMatchObject({ updated: 3 });
    expect(await found(true)).toHaveLength(3);
    expect(await groups(null)).toEqual([]);
    expect(await matches()).toBe(0);
    await decide('UNDECIDED');
    expect(await matches()).toBe(1);
    expect(await groups()).toHaveLength(1);
    expect(await found(true)).toHaveLength(2);
  });

  it('keeps both where that is wanted: they are one picture, and nobody is asked again', async () => {
    await decide('KEEP_ALL');
    expect(await groups()).toEqual([]);
    expect(await found(false)).toHaveLength(3);
    expect(await matches()).toBe(1);
  });

  it('lists what was decided, the latest first, also of figures that no group has any more', async () => {
    await decide('NOT_SAME');
    await decide('KEEP_ALL', null, [half, other]);
    const page = async (after: string | null) =>
      (
        await ask<{ duplicateDecisions: DecisionPage }>(
          `query ($after: String) { duplicateDecisions(first: 1, after: $after) {
            nodes { verdict decidedAt figureIds figures { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
          { after },
        )
      ).duplicateDecisions;
    const latest = await page(null);
    expect(latest.nodes).toMatchObject([{ verdict: 'KEEP_ALL', figureIds: [half, other].sort() }]);
    expect(latest.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const before = await page(latest.pageInfo.endCursor);
    expect(before.nodes).toMatchObject([{ verdict: 'NOT_SAME', figureIds: [original, half].sort() }]);
    expect(before.nodes[0]?.figures).toHaveLength(2);
    expect(before.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    await decide('UNDECIDED', null, [half, other]);
    expect((await page(null)).nodes).toEqual(before.nodes);
    await expect(page('nonsense')).rejects.toThrow('Expected `after` to be a cursor of duplicateDecisions');
  });

  it('refuses what cannot be decided', async () => {
    await expect(decide('KEEP_ONE')).rejects.toThrow('BAD_USER_INPUT');
    await expect(decide('KEEP_ALL', null, [original, 'fig_none'] as (typeof original)[])).rejects.toThrow('NOT_FOUND');
  });
});
