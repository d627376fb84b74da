import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ReferenceLibrary } from './reference-library.js';

const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'library-'));

describe('a library of references', () => {
  it('finds a title that the PDF writes with other characters of the same look', async () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 'a.bib'), '@article{a, title = {Étude des effets à la première fixation}}');
    const library = new ReferenceLibrary();
    expect(await library.read(folder, 'a.bib')).toBe(1);
    const title = 'Étude des e\uFB00ets à la première \uFB01xation'.normalize('NFD');
    expect(library.find('a.pdf', { doi: null, title })).toMatchObject({
      title: 'Étude des effets à la première fixation',
    });
  });

  it('refuses a pipe, and does not wait for it', async () => {
    const folder = newFolder();
    execFileSync('mkfifo', [path.join(folder, 'pipe.ris')]);
    await expect(new ReferenceLibrary().read(folder, 'pipe.ris')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/it is no file/),
    });
  });
});
