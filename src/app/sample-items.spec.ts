import { performance } from 'node:perf_hooks';
import { describe, expect, it } from '@jest/globals';
import { encodePng } from '../imaging/encode.js';
import { sampleCorpus } from '../samples/corpus.js';
import { sampleItems } from './sample-items.js';

async function firstReaders(count: number) {
  const samples = sampleItems();
  const readers: (() => Promise<Uint8Array>)[] = [];
  for await (const item of samples.items) {
    if (item.kind === 'record') readers.push(() => Promise.resolve(item.readImage()));
    if (readers.length === count) break;
  }
  return { samples, readers };
}

describe('sampleItems', () => {
  it('draws the figures of the corpus', async () => {
    const { samples, readers } = await firstReaders(2);
    const [, second] = sampleCorpus();
    if (second === undefined) throw new Error('The corpus has figures');
    const [, drawn] = await Promise.all(readers.map((read) => read()));
    expect(Buffer.from(drawn ?? []).equals(await encodePng(second.draw()))).toBe(true);
    expect(samples.total).toBe(sampleCorpus().length);
    await samples.close();
  });

  it('leaves this thread free meanwhile', async () => {
    const { samples, readers } = await firstReaders(8);
    const before = performance.eventLoopUtilization();
    await Promise.all(readers.map((read) => read()));
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
    await samples.close();
  });

  it('draws no more after its end', async () => {
    const { samples, readers } = await firstReaders(1);
    await samples.close();
    await expect(readers[0]?.()).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });
});
