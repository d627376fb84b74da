import path from 'node:path';
import { readFileSync, rmSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { LabeledEvaluation } from '../../src/app/evaluate-file.js';
import type { SetEvaluation } from '../../src/app/evaluate-set.js';
import { zeroShotTasksOf } from '../../src/evaluation/public-sets/zero-shot-tasks.js';
import type { PublicSetName } from '../../src/domain/public-set.js';
import { encodePng } from '../../src/imaging/encode.js';
import { writeDicom } from '../support/dicom-writer.js';
import { newPlace, run } from '../support/figseek-process.js';
import {
  centerOf,
  drawFigures,
  newSetFolder,
  put,
  putLabeledSet,
  type DrawnFigure,
} from '../support/public-set-folders.js';
import { writeByteArray, writeImageTable } from '../support/set-tables.js';

const place = newPlace();
const lines = (...all: readonly string[]): string => all.join('\n');

async function evaluate(folder: string, set: PublicSetName, ...options: readonly string[]): Promise<SetEvaluation> {
  const { code, stdout, stderr } = await run(place, ['eval', folder, '--set', set, '--json', ...options]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as SetEvaluation;
}

/** The same images by the reader of labeled sets. */
async function evaluateLabeled(file: string, ...options: readonly string[]): Promise<LabeledEvaluation> {
  const { code, stdout } = await run(place, ['eval', file, '--json', ...options]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as LabeledEvaluation;
}

describe('figseek eval FOLDER --set', () => {
  let figures: readonly DrawnFigure[] = [];
  beforeAll(async () => {
    figures = await drawFigures(24);
  });

  it('measures the pairs of ROCOv2 as those of a labeled set, from its table and from parquet files', async () => {
    const folder = newSetFolder();
    const image = (row: number) => `ROCOv2_2023_test_${String(row).padStart(6, '0')}`;
    const rows = figures.map(({ caption }, row) => `${image(row)},"${caption.replaceAll('"', '""')}"`);
    put(folder, 'test_captions.csv', lines('ID,Caption', ...rows));
    figures.forEach(({ jpeg }, row) => put(folder, `test_images/test/${image(row)}.jpg`, jpeg));
    const file = putLabeledSet(
      folder,
      figures.map(({ caption }, row) => ({ id: image(row), caption, image: `test_images/test/${image(row)}.jpg` })),
    );
    const [own, labeled] = [await evaluate(folder, 'rocov2'), await evaluateLabeled(file)];
    expect(own).toMatchObject({ model: 'starter', split: 'test', total: 24, records: 24, zeroShot: [], masks: null });
    expect(own.captionToImage?.recallAt1).toBe(labeled.captionToImage.recallAt1);
    expect(own.imageToCaption?.meanReciprocalRank).toBe(labeled.imageToCaption.meanReciprocalRank);
    expect(own.captionToImage?.recallAt10).toBeGreaterThan(own.captionToImage?.chanceAt10 ?? 1);
    expect(own.compared.map(({ measure, published }) => [measure, published.length])).toEqual(
      ['caption → image', 'image → caption'].flatMap((way) => [1, 5, 10].map((k) => [`${way} R@${k}`, 0])),
    );

    const tables = newSetFolder();
    put(tables, 'data/.keep', '');
    const text = (name: string, data: readonly string[]) => ({ name, data, type: 'STRING' as const });
    writeImageTable(
      path.join(tables, 'data/test-00000-of-00001.parquet'),
      figures.map(({ jpeg, id }) => ({ bytes: jpeg, path: id })),
      [
        text(
          'image_id',
          figures.map((_, row) => image(row)),
        ),
        text(
          'caption',
          figures.map(({ caption }) => caption),
        ),
      ],
    );
    const read = await evaluate(tables, 'rocov2');
    expect([read.captionToImage, read.imageToCaption]).toEqual([own.captionToImage, own.imageToCaption]);
  });

  it('draws articles of PMC together, counts a missing image as a fault, and prints published values', async () => {
    const folder = newSetFolder();
    const articles = figures.map(({ caption, jpeg }, row) => {
      const graphic_ref = `/there/pubmed_open_access_files/PMC${row % 6}/f${row}.jpg`;
      put(folder, `pubmed_open_access_files/PMC${row % 6}/f${row}.jpg`, jpeg);
      const found = [
        { fig_caption: caption, fig_id: `f${row}`, fig_label: '', graphic_ref, pair_id: `${row % 6}_f${row}` },
      ];
      return JSON.stringify({ pmid: String(row % 6), pmc: '', location: '/there', figures: found });
    });
    put(folder, 'pubmed_parsed_data.json', lines(...articles));
    rmSync(path.join(folder, 'pubmed_open_access_files/PMC3/f3.jpg'));
    const report = path.join(folder, 'report.html');
    const { code, stdout } = await run(place, ['eval', folder, '--set', 'pmc-split', '--report', report]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^starter on 23 of 24 records of pmc-split \(pubmed_parsed_data\.json\), 1 left out$/m);
    expect(stdout).toMatch(/^ {2}3_f3: .*f3\.jpg/m);
    expect(stdout).toMatch(
      /^ {2}image → caption R@5: measured [\d.]+ % \[.*\] on 23; published over 77\.0 % on 725739, .*BiomedCLIP/m,
    );
    expect(stdout).toMatch(/^ {2}caption → image R@10: .*; no published value$/m);
    expect(stdout).toMatch(
      /^note: The published values belong to BiomedCLIP; measured was another model, the package “starter”\.$/m,
    );
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('Measured and published');
    expect(page).toMatch(/Supplementary Table 8/);
    expect(page).not.toMatch(/<script|<link|src="(?!data:image\/)/);
  });

  it('classifies the patches of PCam; the other labels turn the accuracy around', async () => {
    const side = 96;
    const patches = figures.map(({ image }) => centerOf(image, side));
    const labels = figures.map((_, row) => Number(row % 3 === 0));
    const folder = newSetFolder();
    const write = async (base: string, given: readonly number[]) => {
      await writeByteArray(`${base}_x.h5`, 'x', [patches.length, side, side, 3], Buffer.concat(patches));
      await writeByteArray(`${base}_y.h5`, 'y', [patches.length, 1, 1, 1], Uint8Array.from(given));
    };
    await write(path.join(folder, 'camelyonpatch_level_2_split_test'), labels);
    await write(
      path.join(folder, 'camelyonpatch_level_2_split_valid'),
      labels.map((label) => 1 - label),
    );
    const [task] = zeroShotTasksOf('pcam');
    const classes = Object.keys(task?.prompts ?? {});
    const records = await Promise.all(
      patches.map(async (data, row) => {
        put(folder, `${row}.png`, await encodePng({ width: side, height: side, data }));
        return { id: `${row}`, image: `${row}.png`, labels: [classes[labels[row] ?? 0]] };
      }),
    );
    const prompts = put(folder, 'prompts.json', JSON.stringify(task?.prompts));
    const labeled = await evaluateLabeled(putLabeledSet(folder, records), '--prompts', prompts);
    const own = await evaluate(folder, 'pcam');
    const accuracy = own.compared[0]?.measured.mean ?? 0;
    expect(accuracy).toBe(labeled.zeroShot?.accuracy.mean);
    expect(own.zeroShot[0]?.measures.labels).toEqual(labeled.zeroShot?.labels);
    const turned = await evaluate(folder, 'pcam', '--split', 'valid');
    expect(turned.compared[0]?.measured.mean).toBeCloseTo(1 - accuracy, 12);
    expect(own.compared[0]?.published).toMatchObject([{ value: 0.7341, count: 32_768 }]);
    expect(await evaluate(folder, 'pcam', '--limit', '6')).toMatchObject({ records: 6, total: 24 });
  });

  it('classifies lung and colon of LC25000 each by itself', async () => {
    const folder = newSetFolder();
    const classes = ['lung_image_sets/lung_aca', 'lung_image_sets/lung_n', 'colon_image_sets/colon_n'];
    // One picture in all folders: it gets one name, which is right in one folder of an organ at most.
    const { jpeg } = figures[0] ?? { jpeg: Buffer.alloc(0) };
    for (const name of classes)
      for (const row of [1, 2, 3, 4]) put(folder, `lung_colon_image_set/${name}/${row}.jpeg`, jpeg);
    const own = await evaluate(folder, 'lc25000');
    expect(own).toMatchObject({ total: 12, records: 12, captionToImage: null });
    const [lung, colon] = own.zeroShot;
    expect([lung?.task, lung?.measures.images, colon?.task, colon?.measures.images]).toEqual(['lung', 8, 'colon', 4]);
    expect([0, 0.5]).toContain(lung?.measures.accuracy.mean);
    expect([0, 1]).toContain(colon?.measures.accuracy.mean);
    expect(own.compared.map(({ measure, published }) => [measure, published[0]?.value])).toEqual([
      ['accuracy (lung)', 0.6523],
      ['accuracy (colon)', 0.9298],
    ]);
  });

  it('reads the radiographs of RSNA, and refuses those of another transfer syntax by its name', async () => {
    const folder = newSetFolder();
    const rows = figures.flatMap(({ jpeg }, row) => {
      put(
        folder,
        `stage_2_train_images/p${row}.dcm`,
        writeDicom({ jpeg, ...(row === 5 ? { syntax: '1.2.840.10008.1.2.4.91' } : {}) }),
      );
      const opacity = `p${row},1,2,3,4,1`;
      // A patient with two opacities has two rows.
      return row % 4 === 0 ? [opacity, opacity] : [`p${row},,,,,0`];
    });
    put(folder, 'stage_2_train_labels.csv', lines('patientId,x,y,width,height,Target', ...rows));
    put(
      folder,
      'stage_2_train_images/p6.dcm',
      readFileSync(path.join(folder, 'stage_2_train_images/p6.dcm')).subarray(0, 3000),
    );
    const { code, stdout } = await run(place, ['eval', folder, '--set', 'rsna-pneumonia', '--json']);
    expect(code).toBe(1);
    const own = JSON.parse(stdout) as SetEvaluation;
    expect(own).toMatchObject({ total: 24, records: 22 });
    expect(own.leftOut.map(({ sourceKey }) => sourceKey)).toEqual(['p5', 'p6']);
    expect(own.leftOut[0]?.message).toMatch(/found 1\.2\.840\.10008\.1\.2\.4\.91, JPEG 2000$/);
    expect(own.leftOut[1]?.message).toMatch(/damaged or truncated/);
    expect(own.zeroShot[0]?.measures.labels.map(({ label, images }) => [label, images])).toEqual([
      ['normal lung', 16],
      ['pneumonia', 6],
    ]);
    expect(own.remarks).toContain('2 records were left out.');
  });

  it.each([
    [
      ['--set', 'pcam', '--prompts', 'p.json'],
      'Expected --prompts for a labeled set (FILE) but received it for a public set (FOLDER --set)',
    ],
    [['--limit', '5'], 'Expected --limit for a public set (FOLDER --set) but received it for a labeled set (FILE)'],
    [['--split', 'valid'], 'Expected --split all, test or train for a labeled set but received valid'],
    [['--set', 'pcam', '--split', 'all'], 'Expected --split test, valid or train for a public set but received all'],
    [['--set', 'pcam'], /is no PatchCamelyon: expected camelyonpatch_level_2_split_test_x\.h5 .* but found nothing/],
  ])('refuses %j', async (options, message) => {
    const { code, stderr } = await run(place, ['eval', newSetFolder(), ...options]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
