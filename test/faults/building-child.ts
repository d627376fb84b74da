/** Adds figures, builds, deletes, builds again, for ever: to be killed at any moment. argv: folder, first number. */
import path from 'node:path';
import { figureIdOf } from '../../src/domain/ids.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { drawnFigure, space } from '../support/drawn-figures.js';
import { openVectors } from '../support/sqlite-vectors.js';

const [, , folder = '', first = '0'] = process.argv;
const database = await Database.open(path.join(folder, 'data'));
const writer = new SqliteFigureWriter(database);
const vectors = openVectors(database, space, {
  home: path.join(folder, 'indexes'),
  engine: 'hnsw',
  onProblem: (problem) => {
    console.error(problem);
  },
});
process.stdout.write('ready\n');
for (let number = Number(first); ; number += 40) {
  await writer.replace(Array.from({ length: 40 }, (_, i) => drawnFigure(number + i)));
  // What a client was told: these are stored.
  process.stdout.write(`stored ${number + 40}\n`);
  await vectors.build();
  await writer.delete([figureIdOf(`figure-${number + 7}`)]);
  process.stdout.write(`deleted ${number + 7}\n`);
  await vectors.build();
}
