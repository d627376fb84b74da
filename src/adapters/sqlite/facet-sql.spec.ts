import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { Database } from './database.js';
import { facetStatement } from './facet-sql.js';

it.each(['figureType', 'predictedModality'] as const)(
  'counts %s of a few figures without going through the classes of all',
  async (field) => {
    const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'facets-')));
    const condition = { sql: 'figure.id IN (SELECT value FROM json_each(?))', values: ['["fig_1"]'] };
    const { sql, values } = facetStatement({ field, condition, areFew: true, limit: 20 });
    const steps = await database.reader.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, [...values]);
    const ofClasses = steps.map(({ detail }) => detail).filter((detail) => / panel_class /.test(detail));
    expect(ofClasses).toEqual([expect.stringContaining('panel_seq=?')]);
    await database.close();
  },
);
