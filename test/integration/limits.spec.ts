import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { newPlace, run, writeCorpus } from '../figseek-process.js';

const small = { FIGSEEK_MAX_PIXELS: '1000' };

describe('the limit on pixels', () => {
  it('holds for figseek embed', async () => {
    const folder = path.join(path.dirname(await writeCorpus(1)), 'images');
    const image = path.join(folder, readdirSync(folder)[0] ?? '');
    expect((await run(newPlace(), ['embed', '--images', image])).code).toBe(0);
    const refused = await run(newPlace(), ['embed', '--images', image], small);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/at most 1000 pixels/);
  });

  it('leaves a larger image, and an absent one, out of figseek eval', async () => {
    const corpus = await writeCorpus(3);
    appendFileSync(corpus, '\n{"id": "absent", "image": "absent.png", "caption": "nothing"}');
    const usual = await run(newPlace(), ['eval', corpus, '--json']);
    expect(JSON.parse(usual.stdout)).toMatchObject({ records: 3 });
    const limited = await run(newPlace(), ['eval', corpus, '--json'], small);
    expect(JSON.parse(limited.stdout)).toMatchObject({ records: 0 });
  });
});
