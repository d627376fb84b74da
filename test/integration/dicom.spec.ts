import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/database.js';
import { drawDicom, drawImage, type DicomElements } from '../support/dicom-file.js';
import { newPlace, run, startServer, type Place } from '../support/figseek-process.js';
import { describeWithShared, sharedDir } from '../support/shared.js';
import { askData, ingestSource, makeImage } from '../support/source-ingest.js';

/** What identifies a patient in the drawn files, also in the names of files. */
const identifying = ['Nobody', 'Known', '4711', 'Mercy Hospital', 'ACC-90210', '19700101', '1.2.3.4.', 'Secret note'];

const patient: DicomElements = {
  ...{
    '0010,0010': 'Nobody^Known',
    '0010,0020': 'PATIENT-4711',
    '0010,0030': '19700101',
    '0008,0080': 'Mercy Hospital',
  },
  ...{ '0008,0050': 'ACC-90210', '0008,1030': 'Scan of Nobody', '0018,0015': 'CHEST', '0020,4000': 'Secret note' },
};

function ramp(first: number, side = 16): DicomElements {
  const values = Buffer.from(Array.from({ length: side * side }, (_, i) => (first * 37 + i * 3) % 256));
  return { '0028,0010': [side], '0028,0011': [side], '7fe0,0010': values };
}

function writeFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'dicom-'));
  mkdirSync(path.join(folder, 'NOBODY_KNOWN'));
  const frames = Buffer.concat([1, 2, 3].map((first) => ramp(first)['7fe0,0010'] as Buffer));
  const film = { ...patient, ...ramp(1), '0008,0018': '1.2.3.4.6', '0028,0008': '3', '7fe0,0010': frames };
  const burned = { ...patient, ...ramp(9), '0008,0018': '1.2.3.4.7', '0028,0301': 'YES', '0028,0030': '0.5\\0.25' };
  writeFileSync(path.join(folder, 'NOBODY_KNOWN/IM1'), drawImage({ ...patient, ...ramp(5), '0008,0018': '1.2.3.4.5' }));
  writeFileSync(path.join(folder, 'NOBODY_KNOWN/IM2'), drawImage(film));
  writeFileSync(path.join(folder, 'NOBODY_KNOWN/IM3.dcm'), drawImage(burned));
  writeFileSync(path.join(folder, 'NOBODY_KNOWN/cut.dcm'), drawImage({ ...patient, ...ramp(5) }).subarray(0, 500));
  writeFileSync(
    path.join(folder, 'NOBODY_KNOWN/video.dcm'),
    drawImage(patient, { syntax: '1.2.840.10008.1.2.4.102', fragments: [Buffer.alloc(4)] }),
  );
  writeFileSync(path.join(folder, 'Nobody.txt'), 'a note of Nobody');
  const record = (...parts: readonly string[]): DicomElements => ({ '0004,1500': parts.join('\\') });
  const items = [record('NOBODY_KNOWN', 'IM1'), record('..', 'IM2'), record('NOBODY_KNOWN', 'IM9')];
  writeFileSync(path.join(folder, 'DICOMDIR'), drawDicom({ '0004,1220': { items } }));
  return folder;
}

/** All bytes that an ingest leaves behind: database, its log, images, thumbnails. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((file) => statSync(file).isFile());
}

/** Which of the texts stand in the files of a data folder or in what was printed. */
function findTexts(texts: readonly string[], place: Place, ...printed: readonly string[]): readonly string[] {
  const contents = [
    ...filesBelow(place.data).map((file) => readFileSync(file)),
    ...printed.map((text) => Buffer.from(text)),
  ];
  return texts.filter((text) =>
    contents.some((content) => content.includes(text) || content.includes(text, 'utf16le')),
  );
}

const fields = 'sourceKey caption labels pixelSpacing credit alt license mentions imageUrl';

interface Stored {
  readonly sourceKey: string;
  readonly caption: string;
  readonly labels: readonly string[];
  readonly pixelSpacing: readonly number[] | null;
}

/** The figures, and all that GraphQL says of them and of what was not taken. */
async function readFigures(place: Place): Promise<{ readonly figures: readonly Stored[]; readonly answer: string }> {
  const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  try {
    const query = `{ figures(first: 100) { nodes { ${fields} } } }`;
    const data = await askData<{ readonly figures: { readonly nodes: readonly Stored[] } }>(server, query);
    return { figures: data.figures.nodes, answer: JSON.stringify(data) };
  } finally {
    await server.stop();
  }
}

describe('a folder of DICOM files', () => {
  const place = newPlace();
  let folder: string;

  beforeAll(() => {
    folder = writeFolder();
  });

  it('gives a figure a frame, and leaves nothing of the patient anywhere', async () => {
    const ingested = await run(place, ['ingest', folder, '--json', '--source', 'scans']);
    expect(JSON.parse(ingested.stdout)).toMatchObject({ added: 5, rejected: 2, leftOut: 3 });
    const listed = await run(place, ['faults', 'scans', '--json']);
    const { figures, answer } = await readFigures(place);
    expect(figures.map(({ sourceKey }) => sourceKey.replace(/^dicom-[0-9a-f]{32}/, 'KEY'))).toEqual([
      ...['KEY', 'KEY/frame-1', 'KEY/frame-2', 'KEY/frame-3', 'KEY'],
    ]);
    expect(figures[4]).toMatchObject({ pixelSpacing: [0.5, 0.25], labels: ['chest', 'burned-in annotation'] });
    expect(figures[0]).toMatchObject({ caption: 'Computed tomography (CT), chest' });
    expect(findTexts(identifying, place, ingested.stdout, ingested.stderr, listed.stdout, answer)).toEqual([]);
    expect(listed.stdout).toContain('MPEG-4 AVC');
    expect(listed.stdout).toContain('texts are drawn into its pixels');
    expect(listed.stdout).toContain('a DICOMDIR');
  });

  it('is passed over when it is read again', async () => {
    expect(await ingestSource(place, folder, '--source', 'scans')).toMatchObject({
      added: 0,
      updated: 0,
      unchanged: 5,
    });
  });

  it('is read by its DICOMDIR, and nothing outside of the folder is', async () => {
    const report = await ingestSource(newPlace(), path.join(folder, 'DICOMDIR'));
    expect(report).toMatchObject({ added: 1, rejected: 2 });
    const reasons = report.faults.map(({ message }) => message.replaceAll(/file-[0-9a-f]{16}/g, 'FILE'));
    expect(reasons).toEqual([
      expect.stringMatching(/cannot be read|lies outside/),
      expect.stringMatching(/There is no|there is no|cannot be read/),
    ]);
  });

  it('is read through a link that was named itself', async () => {
    const link = path.join(mkdtempSync(path.join(tmpdir(), 'dicom-link-')), 'IM1.dcm');
    symlinkSync(path.join(writeFolder(), 'NOBODY_KNOWN/IM1'), link);
    expect(await ingestSource(newPlace(), link)).toMatchObject({ added: 1, rejected: 0 });
  });

  it('is a folder of images where other images lie in it, unless DICOM is asked for', async () => {
    const mixed = writeFolder();
    writeFileSync(path.join(mixed, 'drawn.png'), await makeImage(1));
    expect(await ingestSource(newPlace(), mixed)).toMatchObject({ added: 1 });
    expect(await ingestSource(newPlace(), mixed, '--format', 'dicom')).toMatchObject({ added: 5 });
    const { code, stderr } = await run(newPlace(), ['ingest', path.join(mixed, 'drawn.png'), '--format', 'dicom']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('expected a DICOM file, a DICOMDIR, or a folder of DICOM files');
  });
});

interface ExpectedFile {
  readonly mustNeverAppear?: Readonly<Record<string, readonly string[]>>;
  readonly shouldNotAppear?: Readonly<Record<string, readonly string[]>>;
}

describeWithShared('the acceptance set', () => {
  it('leaves no identifying value in the data folder, in reports or in answers', async () => {
    const folder = path.join(sharedDir, 'data/acceptance/dicom/open');
    const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as readonly ExpectedFile[];
    const values = expected.flatMap(({ mustNeverAppear = {}, shouldNotAppear = {} }) =>
      [mustNeverAppear, shouldNotAppear].flatMap((groups) => Object.values(groups).flat()),
    );
    // What is short, or one character over and over, stands by chance in compressed pixels and in zeros.
    const long = [...new Set(values)].filter((value) => value.length >= 6 && new Set(value).size >= 3);
    // A number may stand in the names of the migrations.
    const empty = newPlace();
    await (await Database.open(empty.data)).close();
    const inAny = findTexts(long, empty);
    const telling = long.filter((value) => !inAny.includes(value));
    expect(telling.length).toBeGreaterThan(100);
    const place = newPlace();
    const ingested = await run(place, ['ingest', folder, '--format', 'dicom', '--json', '--source', 'open']);
    expect(JSON.parse(ingested.stdout)).toMatchObject({ added: 115, rejected: 8 });
    const listed = await run(place, ['faults', 'open', '--json']);
    const { answer } = await readFigures(place);
    expect(findTexts(telling, place, ingested.stdout, ingested.stderr, listed.stdout, answer)).toEqual([]);
  });
});
