import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ActiveModel } from '../../src/app/active-model.js';
import { loadConfig } from '../../src/app/config.js';
import { createServer } from '../../src/app/http-server.js';
import { figureIdOf } from '../../src/domain/ids.js';
import { SqliteStores } from '../../src/adapters/sqlite/sqlite-stores.js';
import { Stores } from '../../src/ports/stores.js';
import { FigureWriter } from '../../src/ports/figure-writer.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { newPlace } from '../support/figseek-process.js';

const document = `query ($query: SearchInput!, $filter: FigureFilter, $after: String) {
  searchFigures(query: $query, filter: $filter, first: 10, after: $after) {
    nodes { rank score figure { id caption attribution article { title } } panel { id box { width } } evidence { channel score } }
    pageInfo { endCursor }
    info { total }
  }
}`;

interface Answer {
  readonly nodes: readonly { readonly figure: { readonly id: string } }[];
  readonly pageInfo: { readonly endCursor: string | null };
}

describe('the statements of a search', () => {
  let app: NestExpressApplication;
  let url: string;
  const statements: string[] = [];

  beforeAll(async () => {
    const { data, indexes } = newPlace();
    app = await createServer({ ...loadConfig({ data, port: '0' }), indexes });
    const { model, space } = app.get(ActiveModel).current;
    const figures = Array.from({ length: 300 }, (_, number) => drawnFigure(number, model));
    await app.get(FigureWriter).replace(
      figures.map(({ figure, ...rest }, number) => {
        const caption = `caption ${number} of the ${['lung', 'liver', 'kidney'][number % 3] ?? ''}`;
        return { ...rest, figure: { ...figure, caption, labels: [`label ${number % 10}`] } };
      }),
    );
    await space.ensureBuilt();
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    const stores = app.get(Stores);
    if (!(stores instanceof SqliteStores)) throw new Error('Expected stores in SQLite');
    const { database } = stores;
    for (const connection of [database.reader, database.scanner]) {
      const query = connection.query.bind(connection);
      jest.spyOn(connection, 'query').mockImplementation((sql: string, ...rest: [unknown[]?]) => {
        statements.push(sql);
        return query(sql, ...rest);
      });
    }
    const { prepared } = database;
    const kept = prepared.query.bind(prepared);
    jest.spyOn(prepared, 'query').mockImplementation((sql, parameters) => {
      statements.push(sql);
      return kept(sql, parameters);
    });
  }, 120_000);

  afterAll(() => app.close());

  async function ask(variables: object): Promise<{ readonly answer: Answer; readonly statements: readonly string[] }> {
    statements.length = 0;
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: document, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: { searchFigures: Answer }; errors?: unknown };
    expect(errors).toBeUndefined();
    if (data === undefined) throw new Error('There is no answer');
    return { answer: data.searchFigures, statements: [...statements] };
  }

  const image = (number: number) => ({ image: { figureId: figureIdOf(`figure-${number}`) } });

  it.each<[string, (turn: number) => object, number]>([
    ['by an image', (turn) => ({ query: { ...image(turn), channels: ['IMAGE'] } }), 2],
    ['by image and caption', (turn) => ({ query: image(turn) }), 2],
    ['by words that were asked before', () => ({ query: { text: 'lung kidney', channels: ['KEYWORD'] } }), 2],
    ['by words, in all channels', () => ({ query: { text: 'lung caption' } }), 2],
    ['by an image, with a filter', (turn) => ({ query: image(turn), filter: { labels: ['label 3'] } }), 2],
  ])('are at most three: %s', async (_name, toVariables, expected) => {
    await ask(toVariables(1));
    const { answer, statements: asked } = await ask(toVariables(2));
    expect(answer.nodes).toHaveLength(10);
    expect(asked).toHaveLength(expected);
  });

  it('are as few on the next page', async () => {
    const query = { ...image(7), channels: ['IMAGE'] };
    const { answer: first } = await ask({ query });
    const { answer: second, statements: asked } = await ask({ query, after: first.pageInfo.endCursor });
    expect(asked).toHaveLength(1);
    const ids = [...first.nodes, ...second.nodes].map(({ figure }) => figure.id);
    expect(new Set(ids).size).toBe(20);
  });

  it.each([
    ['spleen', 4],
    // “hepatic” is looked for as well.
    ['liver', 6],
  ])(
    'are two more for each word that nobody asked before, one of which finds its term, and for its synonyms: %s',
    async (text, most) => {
      const { statements: asked } = await ask({ query: { text, channels: ['KEYWORD'] } });
      expect(asked.length).toBeLessThanOrEqual(most);
    },
  );
});
