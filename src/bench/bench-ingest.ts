import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { FileBlobStore } from '../adapters/files/file-blob-store.js';
import { openSource } from '../adapters/sources/open-source.js';
import type { Config } from '../app/config.js';
import { newEncoder, newReader } from '../app/model-runtime.js';
import { openRegistry } from '../app/open-registry.js';
import { openStores } from '../app/open-stores.js';
import { FigureBuilder } from '../corpus/figure-builder.js';
import { Ingest } from '../corpus/ingest.js';
import type { DualEncoder } from '../domain/dual-encoder.js';
import { localOperator } from '../domain/viewer.js';
import { encodePng } from '../imaging/encode.js';
import { starterModel } from '../models/active-model-name.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageReader } from '../ports/image-reader.js';
import { drawnTexts, withJpegFiles } from './embed-inputs.js';
import { round } from './measuring.js';
import { costsOfProcesses } from './process-costs.js';
import { NullEncoder } from './null-encoder.js';

/** What is measured. */
export interface IngestBench {
  /** Small figures that are taken in with an encoder that does nothing; 0: none. */
  readonly figures: number;
  /** JPEG files of 1000 × 750 that are taken in with the configured model, and decoded and embedded alone; 0: none. */
  readonly files: number;
}

type Line = Readonly<Record<string, unknown>>;

/** Records of one line of what is measured. */
const windowSize = 10_000;
const smallSide = 32;

/** What an ingest costs beside its model, as the corpus grows; then how close a whole ingest comes to its slowest part. */
export async function* benchIngest(config: Config, { figures, files }: IngestBench): AsyncGenerator<Line> {
  const model = await openRegistry(config).load(config.model ?? starterModel);
  if (figures > 0) yield* measureScale(config, model, figures);
  if (files > 0) yield await measureOverlap(config, model, files);
}

async function* measureScale(config: Config, model: DualEncoder, figures: number): AsyncGenerator<Line> {
  yield* inTemporaryFolder(async function* (folder) {
    const source = await writeSmallFigures(folder, figures);
    const windows: Line[] = [];
    let [readBefore, timeBefore, cpuBefore] = [0, performance.now(), (await costsOfProcesses()).cpuMs];
    const startedAt = timeBefore;
    const onProgress = async ({ read }: { readonly read: number }): Promise<void> => {
      if (read - readBefore < windowSize && read < figures) return;
      const now = performance.now();
      const [records, ms] = [read - readBefore, now - timeBefore];
      // At once: the next batch may end while the processes are asked.
      [readBefore, timeBefore] = [read, now];
      const { cpuMs, ...memory } = await costsOfProcesses();
      windows.push({
        ...{ bench: 'ingest', measure: 'scale', records: read, msPerRecord: round(ms / records) },
        recordsPerSecond: round((1000 * read) / (now - startedAt)),
        // What other work on the machine changes little.
        cpuMsPerRecord: round((cpuMs - cpuBefore) / records),
        ...memory,
      });
      cpuBefore = cpuMs;
    };
    const pending: Promise<void>[] = [];
    const reader = newReader(config);
    const report = await withIngest(folder, { encoder: new NullEncoder(model), reader }, (take) =>
      take(source, (counts) => {
        pending.push(onProgress({ read: counts.read }));
      }),
    ).finally(() => {
      reader.close();
    });
    await Promise.all(pending);
    yield* windows;
    yield { bench: 'ingest', measure: 'scale', ...report, seconds: round((performance.now() - startedAt) / 1000) };
  });
}

async function measureOverlap(config: Config, model: DualEncoder, count: number): Promise<Line> {
  return withJpegFiles(count, async (files) => {
    const texts = drawnTexts(count);
    const encoder = await newEncoder(model, config);
    const reader = newReader(config);
    const folder = await mkdtemp(path.join(tmpdir(), 'bench-ingest-'));
    try {
      await encoder.start();
      const decoded = await decodeAll(reader, model, files.slice(0, 8));
      await embedAll(encoder, decoded, texts.slice(0, 8));
      const decodeAlone = await perSecond(count, () => decodeAll(reader, model, files));
      const inputs = files.map((_, i) => decoded[i % decoded.length] ?? new Uint8Array());
      const embedAlone = await perSecond(count, () => embedAll(encoder, inputs, texts));
      const source = await writeRecords(files, texts);
      const whole = await withIngest(folder, { encoder, reader }, (take) =>
        perSecond(count, async () => {
          const { added } = await take(source);
          if (added !== count) throw new Error(`Expected ${count} figures to be taken in, but ${added} were`);
        }),
      );
      return {
        ...{ bench: 'ingest', measure: 'overlap', model: model.name, files: count },
        // 0: as many as there are cores.
        ...{ imageProcesses: config.imageProcesses, threads: config.inferenceThreads },
        ...{ decodePerSecond: decodeAlone, embedPerSecond: embedAlone, ingestPerSecond: whole },
        ofSlower: round(whole / Math.min(decodeAlone, embedAlone)),
        // What two steps reach that take turns on the same cores.
        ofTurns: round(whole * (1 / decodeAlone + 1 / embedAlone)),
      };
    } finally {
      reader.close();
      await encoder.close();
      await rm(folder, { recursive: true });
    }
  });
}

/** Describes files that lie in one folder, there. @returns the file of records */
async function writeRecords(files: readonly string[], texts: readonly string[]): Promise<string> {
  const source = path.join(path.dirname(files[0] ?? ''), 'figures.jsonl');
  const lines = files.map((image, i) =>
    JSON.stringify({ id: `figure-${i}`, image: path.basename(image), caption: texts[i] }),
  );
  await writeFile(source, lines.join('\n'));
  return source;
}

/** As an ingest reads a file: decoded, resized, and signed as a picture. */
async function decodeAll(reader: ImageReader, { preparation }: DualEncoder, files: readonly string[]) {
  const read = files.map(async (file) => reader.readSigned(await readFile(file), preparation, [{}], null));
  return (await Promise.all(read)).map(({ parts: [pixels = new Uint8Array()] }) => pixels);
}

async function embedAll(encoder: Encoder, images: readonly Uint8Array[], texts: readonly string[]): Promise<void> {
  for (let start = 0; start < images.length; start += 64) {
    await Promise.all([
      encoder.embedImages(images.slice(start, start + 64), 'bulk'),
      encoder.embedTexts(texts.slice(start, start + 64), 'bulk'),
    ]);
  }
}

async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return round((1000 * count) / (performance.now() - startedAt));
}

/** What takes a file of records in, with the number of records read so far after each batch. */
type TakeIn = (
  source: string,
  onProgress?: (counts: { readonly read: number }) => void,
) => Promise<{ readonly read: number; readonly added: number; readonly rejected: number }>;

/** Opens a new corpus in the folder for `work`. */
async function withIngest<Result>(
  folder: string,
  { encoder, reader }: { readonly encoder: Encoder; readonly reader: ImageReader },
  work: (take: TakeIn) => Promise<Result>,
): Promise<Result> {
  const stores = await openStores({ data: path.join(folder, 'data') });
  const blobs = new FileBlobStore(path.join(folder, 'images'));
  const ingest = new Ingest(new FigureBuilder(encoder, blobs, reader), stores, blobs);
  try {
    return await work(async (source, onProgress = () => undefined) => {
      const figures = await openSource(source, { format: 'jsonl' });
      const { read, added, rejected } = await ingest.run(localOperator, figures.read(), { source, onProgress });
      return { read, added, rejected };
    });
  } finally {
    await stores.close();
  }
}

/** Writes PNG files of 32 × 32 pixels, each another one, and their records with captions and articles. @returns the file of records */
async function writeSmallFigures(folder: string, count: number): Promise<string> {
  const file = path.join(folder, 'figures.jsonl');
  const records = createWriteStream(file);
  const texts = drawnTexts(Math.min(count, 1000));
  for (let number = 0; number < count; number++) {
    const parent = `images/${Math.floor(number / 1000)}`;
    if (number % 1000 === 0) await mkdir(path.join(folder, parent), { recursive: true });
    const image = `${parent}/${number}.png`;
    await writeFile(path.join(folder, image), await smallImage(number));
    const article = {
      pmcid: `PMC${1_000_000 + Math.floor(number / 6)}`,
      title: `Article ${Math.floor(number / 6)}`,
      year: 2020,
    };
    const caption = `${texts[number % texts.length] ?? ''} Figure ${number}.`;
    if (!records.write(`${JSON.stringify({ id: `figure-${number}`, image, caption, article })}\n`)) {
      await once(records, 'drain');
    }
  }
  records.end();
  await once(records, 'finish');
  return file;
}

function smallImage(number: number): Promise<Buffer> {
  const data = new Uint8Array(smallSide * smallSide * 3);
  let state = number + 1;
  for (let at = 0; at < data.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[at] = state >>> 24;
  }
  return encodePng({ width: smallSide, height: smallSide, data });
}

async function* inTemporaryFolder(work: (folder: string) => AsyncGenerator<Line>): AsyncGenerator<Line> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-ingest-'));
  try {
    yield* work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
