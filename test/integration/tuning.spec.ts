import { beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteSettingsStore } from '../../src/adapters/sqlite/settings-store.js';
import { tunedSettingsOf, withTunedSettings } from '../../src/domain/tuned-settings.js';
import type { Tuning } from '../../src/evaluation/known-items/tune-search.js';
import { newPlace, run, writeCorpus } from '../support/figseek-process.js';

describe('figseek tune', () => {
  const place = newPlace();
  beforeAll(async () => {
    const { code } = await run(place, ['ingest', await writeCorpus(30)]);
    expect(code).toBe(0);
  });

  /** The setting, before or after it is changed by another process. */
  async function setting(change: (stored: string | null) => string | null = () => null): Promise<string | null> {
    const database = await Database.open(place.data);
    const settings = new SqliteSettingsStore(database);
    const changed = change(await settings.get('channel_weights'));
    if (changed !== null) await settings.set('channel_weights', changed);
    const stored = await settings.get('channel_weights');
    await database.close();
    return stored;
  }

  it('shows the gains, and keeps weights and depth only where they are certainly better', async () => {
    const { code, stdout } = await run(place, ['tune', '--queries', '4', '--write', '--json']);
    expect(code).toBe(0);
    const { tuning, isWritten } = JSON.parse(stdout) as { tuning: Tuning; isWritten: boolean };
    expect(tuning.tried).toHaveLength(25);
    expect(tuning.queries.chosenOn).toBeGreaterThanOrEqual(6);
    expect(tuning.present).toEqual({ IMAGE: 1, CAPTION: 0.5, KEYWORD: 1.5 });
    expect(tuning.depth.tried).toHaveLength(4);
    expect(isWritten).toBe(tuning.isBetter || tuning.depth.isBetter);
    // Six queries are too few to prove anything by.
    expect({ isWritten, stored: await setting() }).toEqual({ isWritten: false, stored: null });
  });

  it('begins with the settings that hold, and goes back to the usual ones', async () => {
    const model = JSON.parse((await run(place, ['models', '--json'])).stdout) as {
      name: string;
      version: string;
    }[];
    const version = model.find(({ name }) => name === 'starter')?.version ?? '';
    await setting((stored) => withTunedSettings(stored, version, { weights: { IMAGE: 8 }, depth: 500 }));
    const { stdout } = await run(place, ['tune', '--queries', '2']);
    expect(stdout).toMatch(/^present weights: IMAGE 8, CAPTION 0\.5, KEYWORD 1\.5$/m);
    expect(stdout).toMatch(/Nothing is (?:certainly )?better than the present weights/);
    expect(stdout).toMatch(/^present depth: each channel names 500 panels$/m);
    expect(stdout).toMatch(/^cost of a query, measured here: [\d.]+ ms at depth 500/m);
    const reset = await run(place, ['tune', '--reset']);
    expect(reset.stdout).toBe(
      'The usual settings hold: IMAGE 1, CAPTION 0.5, KEYWORD 1.5; each channel names 200 panels\n',
    );
    expect(tunedSettingsOf(await setting(), version)).toEqual({ weights: {}, depth: null });
  });
});
