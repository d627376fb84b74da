/** Draws sample figures in a thread of its own: a drawing takes a tenth of a second, and a server answers meanwhile. */
import { encodePng } from '../imaging/encode.js';
import { runTaskLoop } from '../platform/task-messages.js';
import { sampleCorpus } from '../samples/corpus.js';

const records = sampleCorpus();

/** @param at place of the figure in the corpus @returns its image as a PNG file */
runTaskLoop<number, Uint8Array>(async (at) => {
  const record = records[at];
  if (record === undefined) throw new Error(`There is no sample ${at}`);
  const file = Uint8Array.from(await encodePng(record.draw()));
  return { result: file, transfer: [file.buffer] };
});
