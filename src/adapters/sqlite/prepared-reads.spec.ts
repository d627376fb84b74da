import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from './database.js';

describe('statements that are kept', () => {
  let database: Database;
  const count = `SELECT count(*) AS count FROM property WHERE name IN (SELECT value FROM json_each(?))`;

  beforeEach(async () => {
    database = await Database.open(mkdtempSync(path.join(tmpdir(), 'prepared-')));
  });
  afterEach(() => database.close());

  it('answer each call by its own parameters, also at the same time', async () => {
    const asked = [['database_id'], ['database_id', 'corpus_version'], []];
    const answers = await Promise.all(
      asked.map((names) => database.prepared.query<{ count: number }>(count, [JSON.stringify(names)])),
    );
    expect(answers.map(([row]) => row?.count)).toEqual([1, 2, 0]);
  });

  it('see what was committed since the last call, and a schema that was changed', async () => {
    const ask = async () => (await database.prepared.query<{ count: number }>(count, ['["kept"]']))[0]?.count;
    expect(await ask()).toBe(0);
    await database.write(async (runner) => {
      await runner.query(`INSERT INTO property (name, value) VALUES ('kept', '1')`);
      await runner.query('ALTER TABLE property ADD COLUMN more TEXT');
    });
    expect(await ask()).toBe(1);
  });

  it('are refused where they are wrong, and compiled again at the next call', async () => {
    const sql = 'SELECT value FROM not_yet';
    await expect(database.prepared.query(sql)).rejects.toThrow('no such table: not_yet');
    await database.write((runner) => runner.query('CREATE TABLE not_yet (value TEXT)'));
    expect(await database.prepared.query(sql)).toEqual([]);
  });
});
