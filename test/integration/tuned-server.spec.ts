import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteSettingsStore } from '../../src/adapters/sqlite/settings-store.js';
import { ActiveModel } from '../../src/app/active-model.js';
import { loadConfig } from '../../src/app/config.js';
import { createServer } from '../../src/app/http-server.js';
import { withTunedSettings, type TunedSettings } from '../../src/domain/tuned-settings.js';
import { FigureWriter } from '../../src/ports/figure-writer.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { newPlace } from '../support/figseek-process.js';

const figures = 400;
const document = `query ($query: SearchInput!) {
  searchFigures(query: $query, first: 20) { nodes { score figure { id } } info { candidates } }
}`;

interface Answer {
  readonly nodes: readonly { readonly score: number; readonly figure: { readonly id: string } }[];
  readonly info: { readonly candidates: number };
}

describe('a server whose corpus is tuned by another process', () => {
  const { data, indexes } = newPlace();
  let app: NestExpressApplication;
  let url: string;

  beforeAll(async () => {
    app = await createServer({ ...loadConfig({ data, port: '0' }), indexes });
    const { model, space } = app.get(ActiveModel).current;
    const drawn = Array.from({ length: figures }, (_, number) => drawnFigure(number, model));
    await app.get(FigureWriter).replace(
      drawn.map(({ figure, ...rest }, number) => {
        const caption = number % 2 === 0 ? 'the lung' : `the liver and the lung of mouse ${number}`;
        return { ...rest, figure: { ...figure, caption } };
      }),
    );
    await space.ensureBuilt();
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  }, 120_000);

  afterAll(() => app.close());

  async function find(channelWeights?: object): Promise<Answer> {
    const query = { text: 'lung', channelWeights };
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: document, variables: { query } }),
    });
    const { data, errors } = (await response.json()) as { data?: { searchFigures: Answer }; errors?: unknown };
    expect(errors).toBeUndefined();
    if (data === undefined) throw new Error('Expected an answer');
    return data.searchFigures;
  }

  /** As another process does it, by a connection of its own. */
  async function tune(tuned: TunedSettings | null): Promise<void> {
    const database = await Database.open(data);
    const settings = new SqliteSettingsStore(database);
    const stored = await settings.get('channel_weights');
    const { version } = app.get(ActiveModel).current.model;
    await settings.set('channel_weights', withTunedSettings(stored, version, tuned));
    await database.close();
  }

  const startedAt = Date.now();

  /** The server looks for what was chosen, so many seconds after it began: it does so every two seconds by itself. */
  async function pollAfter(seconds: number): Promise<void> {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(startedAt + 1000 * seconds);
    await app.get(ActiveModel).poll();
    clock.mockRestore();
  }

  it('searches with the tuned weights and depth within two minutes, and with the usual ones again after a reset', async () => {
    await pollAfter(0);
    const usual = await find();
    const named = await find({ IMAGE: 50 });
    expect(named.nodes).not.toEqual(usual.nodes);
    expect(usual.info.candidates).toBeGreaterThan(300);

    await tune({ weights: { IMAGE: 50 }, depth: 100 });
    // It does not look for settings whenever it looks for another model.
    await pollAfter(2);
    expect(await find()).toEqual(usual);
    await pollAfter(118);
    const tuned = await find();
    expect(tuned.nodes.slice(0, 5)).toEqual(named.nodes.slice(0, 5));
    expect(tuned.info.candidates).toBeGreaterThanOrEqual(100);
    expect(tuned.info.candidates).toBeLessThanOrEqual(300);

    await tune(null);
    await pollAfter(2 * 118);
    expect(await find()).toEqual(usual);
  });
});
