// Writes test/upgrade/VERSION: a small database as the built version makes it, with an index generation and contents.json, which says
// what is in it. Later versions are tested on it (test/upgrade/contents.spec.ts).
// usage: npm run build && node tools/upgrade/keep-database.mjs VERSION
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { encodePng } from '#dist/src/imaging/encode.js';
import { sampleCorpus } from '#dist/src/samples/corpus.js';
import { Database } from '#dist/src/adapters/sqlite/database.js';
import { SqlitePictureStore } from '#dist/src/adapters/sqlite/picture-store.js';
import { run, startServer } from '#dist/test/support/figseek-process.js';
import { askGraphql } from '../ask-graphql.mjs';

const [version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`Expected a version such as 0.2.0 but received ${version}`);
const target = path.join(import.meta.dirname, '../../test/upgrade', version);
if (existsSync(target)) throw new Error(`${target} is there already: kept databases are never changed`);

const folder = mkdtempSync(path.join(tmpdir(), 'kept-'));
const place = { data: path.join(folder, 'data'), indexes: path.join(folder, 'indexes') };

/** What each record has beside its drawing: together they use every table. */
const words = [
  {
    caption: 'TNF-α in the lamina propria, H&amp;E',
    labels: ['H&E', 'Sjögren'],
    mentions: ['As Fig 1 shows, it is there.'],
  },
  {
    caption: 'Immuno-\u00adhistochemistry of the colon',
    labels: ['sjögren'],
    credit: 'Somebody',
    alt: 'A section of tissue',
  },
  { caption: '磨玻璃影 on CT', modality: 'CT', pixelSpacing: [0.5, 0.25] },
  { caption: 'Scale bar 10 µm', license: 'CC-BY-4.0' },
  {
    caption: 'Two panels',
    panels: [
      { label: 'A', box: { x: 0, y: 0, width: 40, height: 40 }, caption: 'karyotype of the left panel' },
      { label: 'B', box: { x: 40, y: 0, width: 40, height: 40 }, caption: 'the right panel' },
    ],
  },
  { caption: 'A figure that a person deletes' },
  { caption: 'A record with a wrong date', article: { title: '', year: 1 } },
];
const articles = [
  {
    title: 'On tissue',
    doi: '10.1000/kept.1',
    journal: 'Médecine',
    year: 2020,
    authors: ['A. Author'],
    license: 'CC-BY-4.0',
  },
  { title: 'On panels', pmcid: 'PMC123', journal: 'MÉDECINE', year: 2021, retracted: true },
];

async function writeRecords() {
  mkdirSync(path.join(folder, 'images'));
  const drawn = [...sampleCorpus({ count: words.length })];
  const lines = [];
  for (const [number, fields] of words.entries()) {
    const image = `images/${number}.png`;
    writeFileSync(path.join(folder, image), await encodePng(drawn[number].draw()));
    lines.push(
      JSON.stringify({ id: `kept-${number}`, image, label: `Fig ${number}`, article: articles[number % 2], ...fields }),
    );
  }
  const file = path.join(folder, 'figures.jsonl');
  writeFileSync(file, lines.join('\n'));
  return file;
}

async function figseek(...args) {
  const { code, stderr } = await run(place, args);
  // 1: one record is rejected on purpose.
  if (code !== 0 && !(code === 1 && args[0] === 'ingest')) throw new Error(`figseek ${args.join(' ')}: ${stderr}`);
}

async function changeByGraphql() {
  const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  const ask = (query, variables = {}) => askGraphql(server.url, query, variables);
  try {
    const list =
      '{ figures(first: 10) { nodes { id label caption panelOrigin panels { id label } article { doi pmcid } } } }';
    const { figures } = await ask(list);
    const idOf = (key) => figures.nodes.find(({ label }) => label === key).id;
    const members = ['Fig 0', 'Fig 1', 'Fig 5'].map(idOf);
    const { createCollection } = await ask('mutation { createCollection(name: "Kept") { id } }');
    const add =
      'mutation ($id: ID!, $members: [ID!]!) { addToCollection(id: $id, figureIds: $members, note: "a note") { size } }';
    await ask(add, { id: createCollection.id, members });
    await ask('mutation ($id: ID!) { deleteFigure(id: $id) }', { id: idOf('Fig 5') });
    const mask = 'query ($id: ID!) { figure(id: $id) { mask(prompt: "left lung", waitMs: 60000) { status error } } }';
    const { figure } = await ask(mask, { id: idOf('Fig 2') });
    if (figure.mask.status !== 'READY') throw new Error(`The mask is ${figure.mask.status}: ${figure.mask.error}`);
    const correct = `mutation ($id: ID!) {
      setFigurePanels(figureId: $id, panels: [
        { label: "A", caption: "The left half", box: { x: 0, y: 0, width: 30, height: 30 } }
        { label: "B", caption: "The right half", box: { x: 30, y: 0, width: 30, height: 30 } }
      ]) { id }
    }`;
    await ask(correct, { id: idOf('Fig 3') });
    return {
      figures: (await ask(list)).figures.nodes,
      collection: { name: 'Kept', note: 'a note', figureIds: members.slice(0, 2) },
      masks: 1,
      faults: 1,
    };
  } finally {
    await server.stop();
  }
}

/** How many pictures wait for being signed and compared. */
async function waitingPictures() {
  const database = await Database.open(place.data);
  const pictures = await new SqlitePictureStore(database).pending();
  await database.close();
  return pictures;
}

/** The one folder below a folder that a pattern fits. */
function onlyFolder(parent, pattern) {
  const found = readdirSync(parent).filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`Expected one folder in ${parent} but found ${found.join(', ') || 'none'}`);
  return path.join(parent, found[0]);
}

try {
  await figseek('ingest', await writeRecords(), '--source', 'figures');
  const contents = await changeByGraphql();
  await figseek('index', 'build');
  const pictures = await waitingPictures();
  const generations = onlyFolder(onlyFolder(place.indexes, /^[0-9a-f]{16}$/), /^[0-9a-f]{16}$/);
  const newest = readdirSync(generations)
    .filter((name) => /^g\d+$/.test(name))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error(`Expected a generation in ${generations}`);
  mkdirSync(target);
  writeFileSync(
    path.join(target, 'figseek.db.gz'),
    gzipSync(readFileSync(path.join(place.data, 'figseek.db')), { level: 9 }),
  );
  cpSync(path.join(generations, newest), path.join(target, newest), { recursive: true });
  writeFileSync(path.join(target, 'contents.json'), `${JSON.stringify({ ...contents, pictures }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
