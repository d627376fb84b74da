import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { newPlace, run, writeCorpus } from '../support/figseek-process.js';

describe('a data folder without a database', () => {
  it.each([
    ['search', 'cells'],
    ['faults'],
    ['atlas'],
    ['index', 'status'],
    ['index', 'verify'],
    ['models', 'forget', '--unused'],
    ['samples', 'remove'],
  ])('is named by %s %s, and stays as it is', async (...args) => {
    const place = newPlace();
    const { code, stdout, stderr } = await run(place, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`Expected a folder with a corpus but ${place.data} holds no figseek.db`);
    expect(stderr).toContain(`npx figseek ingest FOLDER --data ${place.data}`);
    expect(existsSync(place.data) ? readdirSync(place.data) : []).toEqual([]);
  });

  it('is no fault to doctor, which makes none', async () => {
    const place = newPlace();
    const { code, stdout } = await run(place, ['doctor']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('there is none in') });
    expect(existsSync(path.join(place.data, 'figseek.db'))).toBe(false);
  });

  it('gets no new one where the latest writes of the old one lie', async () => {
    const place = newPlace();
    expect((await run(place, ['ingest', await writeCorpus(2)])).code).toBe(0);
    const [file, away] = ['figseek.db', 'away.db'].map((name) => path.join(place.data, name));
    renameSync(file ?? '', away ?? '');
    writeFileSync(`${file ?? ''}-wal`, 'what a server wrote last');
    for (const args of [
      ['ingest', await writeCorpus(2)],
      ['serve', '--port', '0'],
      ['samples', 'add'],
    ]) {
      const { code, stderr } = await run(place, args);
      expect({ code, stderr }).toEqual({ code: 70, stderr: expect.stringContaining('which holds its latest writes') });
      expect(existsSync(file ?? '')).toBe(false);
    }
  });
});
