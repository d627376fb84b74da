import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { newPlace, run, writeCorpus } from '../support/figseek-process.js';

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
    expect(usual.code).toBe(1);
    expect(JSON.parse(usual.stdout)).toMatchObject({
      records: 3,
      leftOut: [{ sourceKey: 'absent', message: expect.stringMatching(/absent\.png cannot be read/) as unknown }],
    });
    const limited = await run(newPlace(), ['eval', corpus, '--json'], small);
    expect(JSON.parse(limited.stdout)).toMatchObject({ records: 0 });
  });

  it('lets figseek eval tell how many records were left out, and why', async () => {
    const corpus = await writeCorpus(2);
    expect(await run(newPlace(), ['eval', corpus])).toMatchObject({ code: 0 });
    appendFileSync(corpus, '\n{"id": "elsewhere", "image": "/etc/hostname"}\n{"id": \n{"id": "bare"}');
    const { code, stdout } = await run(newPlace(), ['eval', corpus]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/on 2 records \(split: all\), 3 left out\n/);
    expect(stdout).toMatch(/^ {2}elsewhere: .*outside.*\n {2}line 4: The line is not JSON.*\n {2}bare: .*image/m);
  });
});
