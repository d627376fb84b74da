import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { packageOf } from '../../../../test/support/archives.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { readArticleFolder } from './article-folder.js';

const csv = `File,Article Citation,Accession ID,Last Updated (YYYY-MM-DD HH:MM:SS),PMID,License
oa_package/01/02/PMC1.tar.gz,"Breast Cancer Res. 2001 Nov 2; 3(1):55-60",PMC1,2013-03-19 11:22:33,11250746,CC BY-NC
oa_package/03/04/PMC2.tar.gz,"J Draw. 1999; 1:2",PMC2,2013-03-19 11:22:33,,NO-CC CODE
oa_package/05/06/PMC8.tar.gz,"J Draw. 1999; 1:3",PMC8,2013-03-19 11:22:33,3,CC0
oa_package/05/06/PMC9.tar.gz,"J Draw. 1999; 1:4",PMC9,2013-03-19 11:22:33,4,CC0
`;
const tabbed = csv
  .split('\n')
  .slice(1)
  .map((line) => line.replaceAll('"', ''))
  .map((line) => line.split(','))
  .map(([file, citation, article, , pmid, license]) =>
    article === undefined ? '' : [file, citation, article, `PMID:${pmid ?? ''}`, license].join('\t'),
  )
  .join('\n');

function article(front: string): string {
  return `<article><front>${front}</front><body><fig id="f1"><caption><p>A</p></caption><graphic href="a"/></fig></body></article>`;
}

let packages: { readonly name: string; readonly bytes: Buffer }[];

beforeAll(async () => {
  const bare = '<article-meta><title-group><article-title>Bare</article-title></title-group></article-meta>';
  const full = `<journal-meta><journal-title>Acta</journal-title></journal-meta><article-meta><article-id pub-id-type="pmid">77</article-id>
    <pub-date><year>1998</year></pub-date><permissions><license href="https://creativecommons.org/licenses/by/4.0/"/></permissions></article-meta>`;
  packages = await Promise.all(
    [
      ['PMC1', article(bare)],
      ['PMC2', article(full)],
    ].map(async ([name = '', xml = '']) => {
      const files = [
        [`${name}/a.nxml`, xml],
        [`${name}/a.jpg`, Buffer.from(name)],
      ] as const;
      return { name, bytes: gzipSync(await packageOf(files)) };
    }),
  );
});

/** @param files beside `oa_package` */
function newArchive(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'oa-'));
  mkdirSync(path.join(root, 'oa_package/01'), { recursive: true });
  for (const { name, bytes } of packages) writeFileSync(path.join(root, 'oa_package/01', `${name}.tar.gz`), bytes);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  return root;
}

async function read(folder: string): Promise<readonly SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of readArticleFolder(folder)) items.push(item);
  return items;
}

describe('the list of packages beside them', () => {
  it.each([
    ['oa_file_list.csv', 'oa_package', csv],
    ['oa_file_list.txt', 'oa_package', `2026-01-01 00:00:00\n${tabbed}`],
    ['oa_file_list.csv', '', csv],
  ])('tells what articles do not, and which packages are absent (%s beside “%s”)', async (name, below, text) => {
    const items = await read(path.join(newArchive({ [name]: text }), below));
    const articles = items.flatMap((item) => (item.kind === 'record' ? [item.record.article] : []));
    expect(articles).toMatchObject([
      { pmid: '11250746', journal: 'Breast Cancer Res', year: 2001, license: 'CC-BY-NC', licenseText: 'CC BY-NC' },
      { pmid: '77', journal: 'Acta', year: 1998, license: 'CC-BY-4.0' },
    ]);
    expect(items.filter(({ kind }) => kind !== 'record')).toEqual([
      {
        kind: 'left-out',
        sourceKey: name,
        reason: '2 packages that it lists are not here; the first: oa_package/05/06/PMC8.tar.gz',
      },
    ]);
  });

  it.each([
    ['oa_file_list.csv', 'File,License\nx,y\n', 'has no column Article Citation'],
    ['oa_file_list.txt', 'today\nno tabs here\n', 'Line 2: expected path, citation'],
  ])('is a fault where it is no list, and the packages are read (%s)', async (name, text, message) => {
    const items = await read(newArchive({ [name]: text }));
    expect(items.filter(({ kind }) => kind === 'record')).toHaveLength(2);
    expect(items.filter(({ kind }) => kind !== 'record')).toMatchObject([
      { kind: 'fault', sourceKey: name, message: expect.stringContaining(message) as unknown },
    ]);
  });
});
