import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { newPlace, run } from '../support/figseek-process.js';
import { repositorySet } from '../golden/golden-sets.js';

type Line = Readonly<Record<string, unknown>>;

const rates = ['imagesPerSecond', 'captionsPerSecond', 'captionsByLengthPerSecond', 'gflopsPerSecond'];

describe('figseek bench segment', () => {
  it('measures the starter segmenter: pictures, further prompts, and clicks on figures of a running server', async () => {
    const { stdout, stderr } = await run(newPlace(), [
      ...['bench', 'segment', '--model', 'starter-segmenter', '--threads', '1'],
      ...['--size', '64', '--pictures', '2', '--prompts', '3', '--clicks', '2'],
    ]);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const above = expect.objectContaining({ p50: expect.any(Number) });
    expect({ lines, stderr }).toMatchObject({
      lines: [
        { bench: 'segment', model: 'starter-segmenter', provider: 'cpu', threads: 1, size: 64, pictures: 2 },
        { bench: 'mask-clicks', model: 'starter-segmenter', figures: 2, clickMs: above },
      ],
    });
    for (const name of ['firstMaskMs', 'imageMs', 'furtherPromptMs']) expect(lines[0]).toMatchObject({ [name]: above });
  });

  it.each([
    ['--prompts', '1', 'Expected --prompts to be a whole number from 2 to 1000 but received 1'],
    [
      '--pictures',
      'x',
      "option '--pictures <n>' argument 'x' is invalid. expected a whole number from 1 but received x",
    ],
    [
      '--clicks',
      '-1',
      "option '--clicks <n>' argument '-1' is invalid. expected a whole number from 0 but received -1",
    ],
  ])('refuses %s %s', async (option, value, message) => {
    const { code, stderr } = await run(newPlace(), ['bench', 'segment', option, value]);
    expect({ code, told: stderr.includes(message) }).toEqual({ code: 2, told: true });
  });
});

describe('figseek bench embed', () => {
  const model = repositorySet('biomedclip').modelFolder();
  it('measures all precisions of a model in each batch size, from files, and one by one', async () => {
    const env = { FIGSEEK_MODELS: mkdtempSync(path.join(tmpdir(), 'models-')), FIGSEEK_MODEL: 'tiny' };
    const place = newPlace();
    await run(place, ['models', 'import', model, '--as', 'tiny'], env);
    await run(place, ['models', 'import', model, '--as', 'tiny-int8', '--precision', 'int8'], env);
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

describe('figseek bench ingest', () => {
  it('measures what an ingest costs beside its model, and against decoding and embedding alone', async () => {
    const { stdout, stderr } = await run(newPlace(), ['bench', 'ingest', '--figures', '40', '--files', '4']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const number = expect.any(Number);
    expect({ lines, stderr }).toEqual({
      lines: [
        expect.objectContaining({ measure: 'scale', records: 40, msPerRecord: number, rssMb: number }),
        { bench: 'ingest', measure: 'scale', read: 40, added: 40, rejected: 0, seconds: number },
        {
          ...{ bench: 'ingest', measure: 'overlap', model: 'starter', files: 4, ofSlower: number, ofTurns: number },
          ...{ decodePerSecond: number, embedPerSecond: number, ingestPerSecond: number },
          ...{ imageProcesses: 0, threads: 0 },
        },
      ],
      stderr: '',
    });
  });
});
