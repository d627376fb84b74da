import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { newPlace, run } from '../support/figseek-process.js';
import { ingest, newFolder, putImage, searchCaptions, sortedKeys } from '../support/ingest-report.js';
import { describeWithShared, sharedDir } from '../support/shared.js';

describeWithShared('inputs that were lost without a word', () => {
  const cases = path.join(sharedDir, 'data', 'cases');
  const copyOf = (name: string): string => {
    const folder = newFolder();
    for (const file of readdirSync(path.join(cases, name), { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const from = path.join(file.parentPath, file.name);
      const to = path.join(folder, path.relative(path.join(cases, name), from));
      mkdirSync(path.dirname(to), { recursive: true });
      copyFileSync(from, to);
    }
    return folder;
  };

  it('captions beside images (sidecar-encoding)', async () => {
    const place = newPlace();
    const report = await ingest(place, copyOf('sidecar-encoding'));
    expect(await searchCaptions(place, 'text')).toEqual({
      'json-bom.png': 'json with bom',
      'txt-utf16.png': 'text in utf sixteen µm',
    });
    expect(sortedKeys(report.faults)).toEqual(['json-array.png', 'json-badtype.png', 'txt-latin1.png']);
    expect(report.faults.every(({ message }) => !message.includes('\n'))).toBe(true);
  });

  it.each([
    ['latin1.jsonl', 0, 1],
    ['utf16.jsonl', 2, 0],
    ['array.json', 2, 0],
    ['array1.json', 2, 0],
  ])('records in another encoding or form (jsonl-encoding/%s)', async (file, taken, rejected) => {
    const folder = copyOf('jsonl-encoding');
    for (const number of [5, 6, 7, 8, 9]) await putImage(folder, `im/${number}.png`);
    expect(await ingest(newPlace(), path.join(folder, file))).toMatchObject({ added: taken, rejected });
  });

  it('files of a folder (folder-left-out)', async () => {
    const report = await ingest(newPlace(), path.join(copyOf('folder-left-out'), 'src'));
    expect(report).toMatchObject({ added: 4, rejected: 0 });
    expect(sortedKeys(report.leftOuts)).toEqual(['linked']);
  });

  it('names in another Unicode form (file-name-form)', async () => {
    const report = await ingest(newPlace(), path.join(copyOf('file-name-form'), 'norm.jsonl'));
    expect(report).toMatchObject({ added: 2, rejected: 0 });
  });

  it('JSON with a byte order mark (json-with-bom)', async () => {
    const file = path.join(cases, 'json-with-bom', 't.json');
    expect(readFileSync(file)[0]).toBe(0xef);
    expect(await run(newPlace(), ['embed', '--texts', file])).toMatchObject({ code: 0 });
  });
});
