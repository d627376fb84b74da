import { recordSchema, type SourceItem } from '../domain/figure-record.js';
import { encodePng } from '../imaging/encode.js';
import { sampleCorpus, type SampleRecord } from '../samples/corpus.js';

/** Name of the run that takes the samples in. */
export const sampleSource = 'drawn samples';

/** The drawn sample corpus as a source: each figure is drawn when its turn comes. */
export function sampleItems(): { items: AsyncIterable<SourceItem>; total: number } {
  const records = sampleCorpus();
  return { items: drawOneByOne(records), total: records.length };
}

/** Ids of the sample records. */
export function sampleKeys(): readonly string[] {
  return sampleCorpus().map(({ id }) => id);
}

async function* drawOneByOne(records: readonly SampleRecord[]): AsyncGenerator<SourceItem> {
  for (const { draw, ...fields } of records) {
    // A turn of the event loop between two drawings: the model's answers come in meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
    const record = recordSchema.parse({ ...fields, image: `${fields.id}.png`, credit: 'Drawn for demonstration' });
    yield { kind: 'record', record, size: 0, readImage: () => encodePng(draw()) };
  }
}
