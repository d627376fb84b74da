import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { newPlace, run, startServer } from '../support/figseek-process.js';
import {
  findMessage,
  ingest,
  newFolder,
  putImage,
  searchCaptions,
  sortedKeys,
  type Fault,
  type Report,
} from '../support/ingest-report.js';

describe('a folder of all kinds of files', () => {
  const folder = newFolder();
  const place = newPlace();
  let report: Report;

  beforeAll(async () => {
    for (const name of ['plain.png', 'UPPER.PNG', 'photo.jfif', 'photo.jpe', 'sub/deep.png', 'odd.png', 'wide.png']) {
      await putImage(folder, name);
    }
    for (const name of ['@eaDir/plain.png', '.thumbnails/a.png', '__MACOSX/._plain.png', '._plain.png']) {
      await putImage(folder, name);
    }
    const write = (name: string, content: string | Buffer) => {
      writeFileSync(path.join(folder, name), content);
    };
    write('UPPER.TXT', 'the caption of UPPER');
    write('odd.txt', Buffer.from('Größe 50 µm', 'latin1'));
    write('wide.txt', Buffer.from('\uFEFFtext in utf sixteen µm', 'utf16le'));
    write('photo.json', '\uFEFF{"caption": "a JSON file with a mark", "captoin": "typed wrong", "x-own": 1}');
    write('orphan.txt', 'tells of no image');
    write('stack.czi', 'ZISRAWFILE');
    write('table.csv', 'a,b');
    write('pack.zip', 'PK');
    write('Thumbs.db', 'x');
    write('.DS_Store', 'x');
    const elsewhere = newFolder();
    await putImage(elsewhere, 'o1.png');
    symlinkSync(elsewhere, path.join(folder, 'linked'));
    symlinkSync(folder, path.join(folder, 'sub', 'circle'));
    symlinkSync(path.join(folder, 'gone'), path.join(folder, 'broken.png'));
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/latin-`), Buffer.from([0xf6]), Buffer.from('.png')]), 'x');
    report = await ingest(place, folder);
  });

  it('takes all that are images, whatever their names end on', () => {
    expect({ added: report.added, code: report.code }).toEqual({ added: 6, code: 1 });
  });

  it('gives each image its caption, in capitals, UTF-16 and with a byte order mark too', async () => {
    const shown = await searchCaptions(place, 'caption');
    expect(shown).toMatchObject({ 'UPPER.PNG': 'the caption of UPPER', 'wide.png': 'text in utf sixteen µm' });
    expect(shown['photo.jfif']).toBe('a JSON file with a mark');
    expect(JSON.stringify(shown)).not.toContain('\uFFFD');
  });

  it('rejects what it should have taken, by name and reason', () => {
    expect(sortedKeys(report.faults)).toEqual([
      'broken.png',
      'latin-\uFFFD.png',
      'linked',
      'odd.png',
      'stack.czi',
      'sub/circle',
    ]);
    expect(findMessage(report.faults, 'odd.png')).toMatch(/odd\.txt: .*byte 0xF6 at 2, as files in Windows-1252/);
    expect(findMessage(report.faults, 'linked')).toMatch(/link to a folder.*give that folder as a source/);
    expect(findMessage(report.faults, 'stack.czi')).toMatch(/Zeiss CZI.*expected JPEG, PNG/);
  });

  it('names and counts all else as left out', () => {
    const names = ['.DS_Store', '._plain.png', '.thumbnails', '@eaDir', 'Thumbs.db', '__MACOSX', 'orphan.txt'];
    expect(sortedKeys(report.leftOuts)).toEqual([...names, 'pack.zip', 'table.csv'].sort());
    expect(report.leftOut).toBe(9);
    expect(findMessage(report.leftOuts, '@eaDir')).toMatch(/Synology.*1 files/);
    expect(findMessage(report.leftOuts, 'pack.zip')).toMatch(/archive; unpack it/);
    expect(report.unknownKeys).toMatchObject([{ key: 'captoin', meant: 'caption', records: 2 }]);
  });

  it('lists them later: figseek faults, by run, by source, in pages', async () => {
    const all = JSON.parse((await run(place, ['faults', folder, '--json'])).stdout) as { faults: readonly Fault[] };
    expect(all.faults).toHaveLength(report.rejected + report.leftOut + 1);
    expect(all.faults.at(-1)).toMatchObject({ sourceKey: 'captoin', code: 'UNKNOWN_KEY' });
    const first = await run(place, ['faults', '--run', report.runId, '--first', '2', '--json']);
    const page = JSON.parse(first.stdout) as { faults: readonly (Fault & { number: number })[]; hasNextPage: boolean };
    expect(page).toMatchObject({ hasNextPage: true, faults: all.faults.slice(0, 2) });
    const after = String(page.faults.at(-1)?.number);
    const rest = JSON.parse((await run(place, ['faults', folder, '--after', after, '--json'])).stdout) as typeof all;
    expect(rest.faults).toEqual(all.faults.slice(2));
    expect((await run(place, ['faults'])).stdout).toMatch(new RegExp(`${report.runId} .*6 rejected, 10 left out`));
    const byName = await run(place, ['faults', path.basename(folder), '--json']);
    expect((JSON.parse(byName.stdout) as typeof all).faults).toEqual(all.faults);
    expect((await run(place, ['faults', folder])).stderr).toContain('--only-new');
    expect(await run(place, ['faults', 'nowhere'])).toMatchObject({ code: 2 });
  });

  it('lists them by GraphQL', async () => {
    const server = await startServer(place);
    try {
      const query = `{ ingestRuns { nodes { id state rejected leftOut faults(first: 3) {
        nodes { sourceKey code message } pageInfo { hasNextPage endCursor } } } } node(id: "${report.runId}") { id } }`;
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      expect(await response.json()).toMatchObject({
        data: {
          ingestRuns: {
            nodes: [
              {
                id: report.runId,
                state: 'DONE',
                rejected: 6,
                leftOut: 10,
                faults: { pageInfo: { hasNextPage: true } },
              },
            ],
          },
          node: { id: report.runId },
        },
      });
    } finally {
      await server.stop();
    }
  });

  it('prints the counts, the reasons and the command that lists them', async () => {
    const { stdout } = await run(place, ['ingest', folder]);
    expect(stdout).toMatch(/6 rejected, 9 left out, 1 unknown keys/);
    expect(stdout).toMatch(/did you mean caption\?/);
    expect(stdout).toMatch(/npx figseek faults --run run_\S+ --data \S+ lists all that was not taken/);
  });
});
