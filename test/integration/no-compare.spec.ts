import { expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqlitePictureStore } from '../../src/adapters/sqlite/picture-store.js';
import { newPlace, run, writeCorpus } from '../support/figseek-process.js';

it('an ingest leaves the search for copied pictures to a server or a command by --no-compare', async () => {
  const place = newPlace();
  const { code, stderr } = await run(place, ['ingest', await writeCorpus(3), '--no-compare']);
  expect(code).toBe(0);
  expect(stderr).toContain('3 pictures wait for being compared with others');
  expect((await run(place, ['duplicates', '--compare'])).code).toBe(0);
  const database = await Database.open(place.data);
  expect(await new SqlitePictureStore(database).pending()).toEqual({ unsigned: 0, uncompared: 0 });
  await database.close();
}, 120_000);
