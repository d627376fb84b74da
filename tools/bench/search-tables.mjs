// Prints the tables of docs/search.md that are measured on the shared figures, as Markdown. Run after `npm run build`:
//   node tools/bench/search-tables.mjs ../shared/data/figures.jsonl [composition|channels|articles]
// Each takes figures into a corpus of its own, in a temporary folder. Without a name all are printed.
import { articleTable } from './articles.mjs';
import { channelTables } from './channels.mjs';
import { compositionTable } from './composition.mjs';

const [file = '../shared/data/figures.jsonl', only] = process.argv.slice(2);
const tables = { composition: compositionTable, channels: channelTables, articles: articleTable };
if (only !== undefined && !(only in tables)) {
  throw new Error(`Expected ${Object.keys(tables).join(', ')} but received ${only}`);
}

for (const [name, table] of Object.entries(tables)) {
  if (only === undefined || only === name) console.log(`${(await table(file)).join('\n')}\n`);
}
