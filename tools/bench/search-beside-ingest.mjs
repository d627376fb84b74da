// How long a search by words takes while an ingest runs beside the server, against an idle machine.
// node tools/bench/search-beside-ingest.mjs FIGURES.jsonl [--figures N] [--seconds 30] [--most SECONDS] [--models DIR --model NAME]
//   --figures: so many records, those of the file taken again under other ids where it has fewer
//   --seconds: of the idle machine; the ingest is followed to its end, or for --most seconds
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { idle, withServer } from './watched-server.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '30' },
    figures: { type: 'string' },
    most: { type: 'string', default: 'Infinity' },
    models: { type: 'string' },
    model: { type: 'string' },
  },
});
const [figures] = positionals;
if (figures === undefined) throw new Error('Expected a .jsonl file of figures');

/** The file itself, or one beside its images that has as many records as are wanted. */
function source(place) {
  if (values.figures === undefined) return path.resolve(figures);
  const records = readFileSync(figures, 'utf8').trim().split('\n');
  const lines = Array.from({ length: Number(values.figures) }, (_, i) => {
    const record = JSON.parse(records[i % records.length]);
    return JSON.stringify({ ...record, id: `${record.id} ${Math.floor(i / records.length)}` });
  });
  const folder = path.dirname(path.resolve(figures));
  const file = path.join(place, 'figures.jsonl');
  // A link would lead out of the folder, which is refused.
  cpSync(path.join(folder, 'figures'), path.join(place, 'figures'), { recursive: true });
  writeFileSync(file, lines.join('\n'));
  return file;
}

await withServer({ port: 3977, models: values.models, model: values.model }, async (server) => {
  const before = await idle(server, Number(values.seconds));
  const ingest = server.figseek('ingest', source(server.place));
  let ended = false;
  const startedAt = Date.now();
  ingest.on('close', () => (ended = true));
  const last = startedAt + Number(values.most) * 1000;
  const beside = await server.searches(() => ended || Date.now() > last);
  console.log(
    JSON.stringify({
      bench: 'search beside ingest',
      idle: before,
      beside: { ...beside, eventLoopMs: await server.eventLoop() },
      ingestSeconds: Math.round((Date.now() - startedAt) / 1000),
      isWhole: ended,
      ratioOfP95: Math.round((beside.p95 / before.p95) * 100) / 100,
    }),
  );
  if (!ended) {
    ingest.kill();
    await once(ingest, 'close');
  }
});
