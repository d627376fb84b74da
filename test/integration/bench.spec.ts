import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { newPlace, run } from '../figseek-process.js';
import { goldenDir } from '../golden/golden-cases.js';
import { describeWithShared } from '../shared.js';

type Line = Readonly<Record<string, unknown>>;

const rates = ['imagesPerSecond', 'captionsPerSecond', 'captionsByLengthPerSecond', 'gflopsPerSecond'];

describeWithShared('figseek bench embed', () => {
  it('measures all precisions of a model in each batch size, from files, and one by one', async () => {
    const env = { FIGSEEK_MODELS: mkdtempSync(path.join(tmpdir(), 'models-')), FIGSEEK_MODEL: 'tiny' };
    const place = newPlace();
    await run(place, ['models', 'import', goldenDir, '--as', 'tiny'], env);
    await run(place, ['models', 'import', goldenDir, '--as', 'tiny-int8', '--precision', 'int8'], env);
    const { stdout } = await run(
      place,
      ['bench', 'embed', '--batches', '1,2', '--seconds', '0.1', '--peak', '1e6'],
      env,
    );
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(lines.map(({ precision }) => precision)).toEqual(
      ['fp32', 'int8'].flatMap((precision) => [precision, precision, precision, precision]),
    );
    const batches = lines.filter((line) => 'imagesPerSecond' in line);
    expect(batches.map(({ batch }) => batch)).toEqual([1, 2, 1, 2]);
    for (const line of batches) {
      expect(rates.filter((name) => !(typeof line[name] === 'number' && line[name] > 0))).toEqual([]);
    }
    expect(lines.filter((line) => 'filesPerSecond' in line)).toHaveLength(2);
    expect(lines.filter((line) => 'oneTextMs' in line)).toHaveLength(2);
  });
});
