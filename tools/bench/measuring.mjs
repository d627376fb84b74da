// What the measurements of search share: figures as a corpus of their own, intervals, and tables.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withApp } from '#dist/src/app/command-context.js';
import { loadConfig } from '#dist/src/app/config.js';
import { ActiveModel } from '#dist/src/app/active-model.js';
import { openSource } from '#dist/src/adapters/sources/open-source.js';
import { localOperator } from '#dist/src/domain/viewer.js';
import { estimateMean } from '#dist/src/evaluation/statistics.js';

/** The split of `figseek eval`: about one in six. */
export const inTestSplit = ({ id }) => parseInt(createHash('sha256').update(id).digest('hex').slice(0, 2), 16) < 40;

/**
 * Takes figures into a corpus in a temporary folder, and removes it when the work is done.
 * @param file JSON lines of figures
 * @param isTaken which records are taken
 * @param change what is stored of a record
 * @param work gets the modules and the records as they were
 * @returns what the work returns
 */
export async function withFigures(file, { isTaken, change }, work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'measured-'));
  try {
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const records = lines.map((line) => JSON.parse(line)).filter(isTaken);
    const stored = records.map((record) => {
      const name = path.basename(record.image);
      copyFileSync(path.join(path.dirname(file), record.image), path.join(folder, name));
      return JSON.stringify({ ...change(record), image: name });
    });
    const corpus = path.join(folder, 'figures.jsonl');
    writeFileSync(corpus, stored.join('\n'));
    const config = loadConfig({ data: path.join(folder, 'data'), indexes: path.join(folder, 'indexes') });
    return await withApp(config, async (core) => {
      const source = await openSource(corpus, { format: 'auto' });
      const { ingest } = core.get(ActiveModel).current;
      const { rejected } = await ingest.run(localOperator, source.read(), { source: 'measured', dryRun: false });
      if (rejected > 0) throw new Error(`${rejected} records were not taken`);
      return work(core, records);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Mean in percent with its 95 % interval (the bootstrap of `figseek eval`): “61.7 [53.9, 69.5]” */
export function interval(values) {
  const estimate = estimateMean(values, { seed: '1' });
  if (estimate === null) throw new RangeError('Expected at least one value but received none');
  const { mean, low, high } = estimate;
  return `${percent(mean)} [${percent(low)}, ${percent(high)}]`;
}

/** @param rows cells, of which the first row is the head @returns lines of Markdown */
export function markdownTable([head, ...rows]) {
  const lineOf = (cells) => `| ${cells.join(' | ')} |`;
  return [lineOf(head), `|${'---|'.repeat(head.length)}`, ...rows.map(lineOf)];
}

function percent(share) {
  return (100 * share).toFixed(1);
}
