import { recordSchema, type SourceItem } from '../domain/figure-record.js';
import { WorkerThread } from '../platform/worker-thread.js';
import { sampleCorpus, type SampleRecord } from '../samples/corpus.js';

/** Name of the run that takes the samples in. */
export const sampleSource = 'drawn samples';

const drawingTimeoutMs = 60_000;

/** The drawn sample corpus as a source. */
export interface SampleItems {
  readonly items: AsyncIterable<SourceItem>;
  readonly total: number;
  /** Ends the thread that draws. */
  close(): Promise<void>;
}

/** Each figure is drawn when its turn comes, in a thread beside this one. */
export function sampleItems(): SampleItems {
  const records = sampleCorpus();
  const thread = new WorkerThread<number, Uint8Array>({
    entry: new URL('./sample-drawing-thread.js', import.meta.url),
    purpose: 'draws sample figures',
    timeoutMs: drawingTimeoutMs,
  });
  return { items: toItems(records, thread), total: records.length, close: () => thread.close() };
}

/** Ids of the sample records. */
export function sampleKeys(): readonly string[] {
  return sampleCorpus().map(({ id }) => id);
}

async function* toItems(
  records: readonly SampleRecord[],
  thread: WorkerThread<number, Uint8Array>,
): AsyncGenerator<SourceItem> {
  for (const [at, { draw: _draw, ...fields }] of records.entries()) {
    // A turn of the event loop between two records: the model's answers come in meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
    const record = recordSchema.parse({ ...fields, image: `${fields.id}.png`, credit: 'Drawn for demonstration' });
    yield { kind: 'record', record, size: 0, readImage: () => thread.ask(at) };
  }
}
