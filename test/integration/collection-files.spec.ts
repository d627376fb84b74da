import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newPlace, run, startServer, writeCorpus, type Place, type Server } from '../support/figseek-process.js';
import { askData } from '../support/source-ingest.js';
import { zipEntries } from '../support/zip-entries.js';

interface Figure {
  readonly id: string;
  readonly caption: string;
  readonly article: { readonly id: string; readonly citation: string } | null;
}

describe('collections as files', () => {
  let place: Place;
  let server: Server;
  let figures: readonly Figure[];
  let id: string;

  beforeAll(async () => {
    place = newPlace();
    const { code, stderr } = await run(place, ['ingest', await writeCorpus(12)]);
    if (code !== 0) throw new Error(stderr);
    server = await startServer(place);
    const { figures: all } = await ask<{ figures: { nodes: Figure[] } }>(
      '{ figures(sort: ADDED) { nodes { id caption article { id citation } } } }',
    );
    figures = all.nodes;
    id = await newCollection('Smears & “scans”');
    await ask(
      'mutation ($id: ID!, $ids: [ID!]!) { addToCollection(id: $id, figureIds: $ids, note: "kept") { size } }',
      {
        id,
        ids: figures.slice(0, 4).map((one) => one.id),
      },
    );
  });
  afterAll(() => server.stop());

  function ask<Data>(text: string, variables: object = {}): Promise<Data> {
    return askData<Data>(server, text, variables);
  }
  async function newCollection(name: string): Promise<string> {
    const { createCollection } = await ask<{ createCollection: { id: string } }>(
      'mutation ($name: String!) { createCollection(name: $name) { id } }',
      { name },
    );
    return createCollection.id;
  }

  it.each([
    ['JSONL', 'application/x-ndjson; charset=utf-8', 'Smears-scans.jsonl'],
    ['CSV', 'text/csv; charset=utf-8', 'Smears-scans.csv'],
    ['COCO', 'application/json; charset=utf-8', 'Smears-scans.coco.json'],
    ['BIBTEX', 'application/x-bibtex; charset=utf-8', 'Smears-scans.bib'],
    ['RIS', 'application/x-research-info-systems; charset=utf-8', 'Smears-scans.ris'],
    ['CSL_JSON', 'application/vnd.citationstyles.csl+json; charset=utf-8', 'Smears-scans.csl.json'],
    ['ZIP', 'application/zip', 'Smears-scans.zip'],
  ])('are downloaded as %s from their address', async (format, type, name) => {
    const { collection } = await ask<{ collection: { exportUrl: string } }>(
      `query ($id: ID!) { collection(id: $id) { exportUrl(format: ${format}) } }`,
      { id },
    );
    const response = await fetch(`${server.url}${collection.exportUrl}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename=${name}`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(20);
  });

  it('refuse another format, and a collection that is not there', async () => {
    const answer = async (address: string) => {
      const response = await fetch(`${server.url}/collections/${address}`);
      const { error } = (await response.json()) as { readonly error: { readonly code: string } };
      return [response.status, error.code, response.headers.get('content-disposition')];
    };
    expect(await answer(`${id}/export?format=pdf`)).toEqual([400, 'BAD_USER_INPUT', null]);
    expect(await answer(`${id}/export`)).toEqual([400, 'BAD_USER_INPUT', null]);
    expect(await answer(`${id}/export?format=csv&format=zip`)).toEqual([400, 'BAD_USER_INPUT', null]);
    expect(await answer('col_none/export?format=csv')).toEqual([404, 'NOT_FOUND', null]);
  });

  it('are written by a command, never over a file, and an archive is ingested again as it is', async () => {
    const listed = await run(place, ['collections', 'list', '--json']);
    expect(JSON.parse(listed.stdout)).toMatchObject({ collections: [{ id, size: 4 }], hasNextPage: false });
    expect((await run(place, ['collections', 'list'])).stdout).toBe(`${id}       4  Smears & “scans”\n`);
    const folder = mkdtempSync(path.join(tmpdir(), 'exported-'));
    const file = path.join(folder, 'smears.zip');
    const options = ['collections', 'export', id, '--format', 'zip', '--out', file];
    expect(await run(place, options)).toMatchObject({ code: 0, stdout: '' });
    expect(await run(place, options)).toMatchObject({ code: 2, stderr: expect.stringContaining('EEXIST') });
    const entries = await zipEntries(readFileSync(file));
    for (const [name, bytes] of entries) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), bytes);
    }
    expect(existsSync(path.join(folder, 'ATTRIBUTION.txt'))).toBe(true);
    const ingested = await run(newPlace(), ['ingest', path.join(folder, 'figures.jsonl'), '--json']);
    expect(JSON.parse(ingested.stdout)).toMatchObject({ added: 4, rejected: 0 });
    const csv = await run(place, ['collections', 'export', id, '--format', 'csv', '--out', '-']);
    expect(csv.stdout.split('\r\n')).toHaveLength(6);
    expect(await run(place, ['collections', 'export', 'col_none'])).toMatchObject({ code: 2 });
  });

  it('are filled from a list of ids', async () => {
    const other = await newCollection('imported');
    const withArticle = figures.find(({ article }) => article !== null);
    const text = `# mine\n${figures[11]?.id ?? ''}\nPMC404\n${withArticle?.article?.id ?? ''}\nnonsense`;
    const { importToCollection } = await ask<{
      importToCollection: { added: number; collection: { size: number } };
    }>(
      `mutation ($id: ID!, $text: String!) { importToCollection(id: $id, text: $text) {
        collection { id size } added present unknown unknownCount } }`,
      { id: other, text },
    );
    expect(importToCollection).toMatchObject({ present: 0, unknown: ['PMC404', 'nonsense'], unknownCount: 2 });
    expect(importToCollection.added).toBeGreaterThan(1);
    expect(importToCollection.collection.size).toBe(importToCollection.added);
  });

  it('name their articles as single citations do', async () => {
    const citation = figures.find(({ article }) => article !== null)?.article?.citation ?? '';
    expect(citation).toMatch(/^@article\{\S+,\n {2}title = \{\{/);
    const { article } = await ask<{ article: { ris: string; csl: string } }>(
      'query ($id: ID!) { article(id: $id) { ris: citation(format: RIS) csl: citation(format: CSL_JSON) } }',
      { id: figures.find((one) => one.article !== null)?.article?.id },
    );
    expect(article.ris).toMatch(/^TY {2}- JOUR\r\nTI/);
    expect(JSON.parse(article.csl)).toMatchObject({ type: 'article-journal' });
  });
});
