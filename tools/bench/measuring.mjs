// What the measurements of search share: the test split as a corpus of its own, and intervals.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withApp } from '#dist/src/app/command-context.js';
import { loadConfig } from '#dist/src/app/config.js';
import { ActiveModel } from '#dist/src/app/active-model.js';
import { openSource } from '#dist/src/adapters/sources/open-source.js';
import { localOperator } from '#dist/src/domain/viewer.js';

/** The split of `figseek eval`: about one in six. */
const inTestSplit = ({ id }) => parseInt(createHash('sha256').update(id).digest('hex').slice(0, 2), 16) < 40;

/**
 * Takes the test split into a corpus in a temporary folder, and removes it when the work is done.
 * @param file JSON lines of figures
 * @param change what is stored of a record
 * @param work gets the modules and the records as they were
 */
export async function withTestSplit(file, change, work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'measured-'));
  try {
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const records = lines.map((line) => JSON.parse(line)).filter(inTestSplit);
    const stored = records.map((record) => {
      const name = path.basename(record.image);
      copyFileSync(path.join(path.dirname(file), record.image), path.join(folder, name));
      return JSON.stringify({ ...change(record), image: name });
    });
    const corpus = path.join(folder, 'figures.jsonl');
    writeFileSync(corpus, stored.join('\n'));
    const config = loadConfig({ data: path.join(folder, 'data'), indexes: path.join(folder, 'indexes') });
    await withApp(config, async (core) => {
      const { items } = await openSource(corpus, 'auto');
      const { ingest } = core.get(ActiveModel).current;
      const { rejected } = await ingest.run(localOperator, items, { source: 'measured', dryRun: false });
      if (rejected > 0) throw new Error(`${rejected} records were not taken`);
      await work(core, records);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Mean in percent with its 95 % interval: percentiles of 1,000 resamples, with a fixed seed. */
export function interval(values) {
  let seed = 1;
  const draw = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const mean = (some) => (100 * some.reduce((sum, value) => sum + value, 0)) / some.length;
  const means = Array.from({ length: 1000 }, () => mean(values.map(() => values[Math.floor(draw() * values.length)])));
  means.sort((a, b) => a - b);
  return [mean(values), means[25], means[975]].map((share) => Math.round(share * 10) / 10);
}
