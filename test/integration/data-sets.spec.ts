import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { packageOf } from '../support/archives.js';
import { newPlace, startServer, type Place } from '../support/figseek-process.js';
import { askData, ingestSource, makeImage } from '../support/source-ingest.js';

interface Stored {
  readonly sourceKey: string;
  readonly caption: string;
  readonly label: string | null;
  readonly labels: readonly string[];
  readonly mentions: readonly string[];
  readonly article: Readonly<Record<string, unknown>> | null;
}

async function readFigures(place: Place): Promise<readonly Stored[]> {
  const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  const fields =
    'sourceKey caption label labels mentions article { pmcid pmid doi title journal year license licenseText }';
  const query = `{ figures(first: 50) { nodes { ${fields} } } }`;
  const { figures } = await askData<{ figures: { nodes: readonly Stored[] } }>(server, query).finally(() =>
    server.stop(),
  );
  return figures.nodes;
}

async function writeFolder(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'set-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return Promise.resolve(folder);
}

const lines = (...values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join('\n');

describe('data sets in the form in which they are published', () => {
  let images: readonly Buffer[];

  beforeAll(async () => {
    images = await Promise.all([1, 2, 3, 4, 5].map(makeImage));
  });

  it('MedICaT: figures with their references and licenses', async () => {
    const [image = Buffer.alloc(0)] = images;
    const figure = {
      ...{ pdf_hash: 'ab12', fig_key: 'Figure1', fig_uri: '3-Figure1-1.png', radiology: true, scope: 'radiology' },
      ...{ s2_caption: 'Fig 1', s2orc_caption: 'CT of the chest.', s2orc_references: ['As Fig. 1 shows.'] },
      ...{ predicted_type: 'Medical images', oa_info: { doi: '10.5555/m.1', oa: { license: 'cc-by-nc' } } },
    };
    const bare = {
      pdf_hash: 'ab12',
      fig_uri: '4-Figure2-1.png',
      s2_caption: 'MRI.',
      s2orc_references: null,
      oa_info: null,
    };
    const folder = await writeFolder({
      'medicat.jsonl': lines(figure, bare, { ...bare, fig_uri: 'absent.png' }, { other: 1 }),
      'own.jsonl': lines({
        id: 'a',
        image: 'ab12_4-Figure2-1.png',
        pdf_hash: 'x',
        fig_uri: 'y',
        pmid: '1',
        figures: [],
      }),
      'figures/ab12_3-Figure1-1.png': image,
      'ab12_4-Figure2-1.png': images[1] ?? image,
    });
    const place = newPlace();
    const report = await ingestSource(place, path.join(folder, 'medicat.jsonl'));
    expect(report).toMatchObject({ added: 2, rejected: 2, unknownKeys: [] });
    expect(report.faults.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Expected an object as medicat has it/),
    );
    expect(await ingestSource(newPlace(), path.join(folder, 'own.jsonl'))).toMatchObject({ added: 1, rejected: 0 });
    const [first, second] = await readFigures(place);
    expect(first).toMatchObject({
      sourceKey: 'ab12_3-Figure1-1.png',
      caption: 'CT of the chest.',
      labels: ['Medical images'],
    });
    expect(first?.mentions).toEqual(['As Fig. 1 shows.']);
    expect(first?.article).toMatchObject({ doi: '10.5555/m.1', license: 'CC-BY-NC', licenseText: 'cc-by-nc' });
    expect(second).toMatchObject({ caption: 'MRI.', article: null });
  });

  it('PMC-OA: a panel a line', async () => {
    const [image = Buffer.alloc(0)] = images;
    const line = { image: 'PMC1_Fig1_1.jpg', caption: 'A liver.', pmcid: 'PMC1', url_name: 'Fig1' };
    const folder = await writeFolder({ 'pmc_oa.jsonl': lines(line), 'images/PMC1_Fig1_1.jpg': image });
    const place = newPlace();
    expect(await ingestSource(place, path.join(folder, 'pmc_oa.jsonl'), '--format', 'pmc-oa')).toMatchObject({
      added: 1,
    });
    expect(await readFigures(place)).toMatchObject([
      { sourceKey: 'PMC1_Fig1_1.jpg', caption: 'A liver.', label: 'Fig1', article: { pmcid: 'PMC1' } },
    ]);
  });

  it("BiomedCLIP's data pipeline: an article a line, with paths of another machine", async () => {
    const [one = Buffer.alloc(0), two = one] = images;
    const figure = (number: number, graphic: string) => ({
      ...{
        fig_caption: `Cells ${number}.`,
        fig_id: `F${number}`,
        fig_label: `Figure ${number}`,
        pair_id: `123_F${number}`,
      },
      graphic_ref: graphic,
    });
    const article = {
      ...{ pmid: '123', pmc: '77', location: '/data/x' },
      figures: [figure(1, '/data/pubmed_open_access_files/PMC77/f1.jpg'), figure(2, '/mnt/elsewhere/PMC77/f2.jpg')],
    };
    const folder = await writeFolder({
      'pubmed_parsed_data.json': lines(article, { pmid: '9', figures: [] }),
      'pubmed_open_access_files/PMC77/f1.jpg': one,
      'PMC77/f2.jpg': two,
    });
    const place = newPlace();
    expect(await ingestSource(place, path.join(folder, 'pubmed_parsed_data.json'))).toMatchObject({
      added: 2,
      rejected: 0,
    });
    expect(await readFigures(place)).toMatchObject([
      { sourceKey: '123_F1', caption: 'Cells 1.', label: 'Figure 1', article: { pmid: '123', pmcid: 'PMC77' } },
      { sourceKey: '123_F2', caption: 'Cells 2.', article: { pmcid: 'PMC77' } },
    ]);
  });

  it('webdatasets: shards of img2dataset and BIOMEDICA', async () => {
    const [one = Buffer.alloc(0), two = one, three = one] = images;
    const biomedica = {
      ...{ image_file_name: 'x.jpg', image_context: { x: ['See the blot.'] }, image_primary_label: ['Assays'] },
      ...{ article_accession_id: 'PMC5', article_title: 'On blots', article_journal: 'J', article_date: '2019 Mar 2' },
      article_license: 'CC BY-NC',
    };
    const failed = { url: 'u', status: 'failed_to_download', error_message: 'HTTP 404' };
    const shard = await packageOf([
      ['a/000.jpg', one],
      ['a/000.txt', 'A western blot.'],
      ['a/000.json', JSON.stringify(biomedica)],
      ['a/001.png', two],
      ['a/001.json', JSON.stringify({ caption: 'By its JSON', status: 'success' })],
      ['a/002.json', JSON.stringify(failed)],
      ['a/003.txt', 'no image'],
      ['a/004.jpg', three],
      ['a/004.json', '{"caption": '],
    ]);
    const folder = await writeFolder({
      '00000.tar': shard,
      '00001.tar.gz': gzipSync(
        await packageOf([
          ['000.jpg', three],
          ['000.txt', 'Of another shard.'],
        ]),
      ),
      '00002.tar': shard.subarray(0, 900),
    });
    const place = newPlace();
    const report = await ingestSource(place, folder);
    expect(report).toMatchObject({ added: 3, rejected: 4 });
    expect(report.faults.map(({ message }) => message.replace(/:.*/s, '')).sort()).toEqual([
      'It was not downloaded',
      'The JSON of the sample cannot be read',
      'The sample has no image',
      'The shard cannot be read from the sample a/000 on',
    ]);
    const figures = await readFigures(place);
    expect(figures.map(({ sourceKey, caption }) => `${sourceKey} | ${caption}`)).toEqual([
      '00000/a/000 | A western blot.',
      '00000/a/001 | By its JSON',
      '00001/000 | Of another shard.',
    ]);
    expect(figures[0]).toMatchObject({ labels: ['Assays'], mentions: ['See the blot.'] });
    expect(figures[0]?.article).toMatchObject({ pmcid: 'PMC5', title: 'On blots', year: 2019, license: 'CC-BY-NC' });
  });

  it('webdatasets: a folder whose first shard is damaged, and files that stand apart from their sample', async () => {
    const [one = Buffer.alloc(0), two = one] = images;
    const good = await packageOf([
      ['000.jpg', one],
      ['000.txt', 'A western blot.'],
      ['001.jpg', two],
      ['000.json', '{"caption": "too late"}'],
      ['001.txt', 'A second blot.'],
    ]);
    const folder = await writeFolder({ '00000.tar': good.subarray(0, 300), '00001.tar': good });
    const report = await ingestSource(newPlace(), folder);
    expect(report).toMatchObject({ added: 2, rejected: 2 });
    expect(report.faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The shard cannot be read/),
      expect.stringMatching(/^1 file stands apart from its sample and was not read \(the first: 000\.json\); expected/),
    ]);
  });
});
