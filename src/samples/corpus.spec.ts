import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../domain/ids.js';
import { figureKinds, sampleCorpus } from './corpus.js';

describe('sample corpus', () => {
  const corpus = sampleCorpus();

  it('names each of its 360 figures once and covers every kind', () => {
    expect(new Set(corpus.map((record) => record.id)).size).toBe(360);
    expect(new Set(corpus.map((record) => record.labels[0])).size).toBe(figureKinds.length);
    expect(figureKinds.length).toBeGreaterThanOrEqual(24);
  });

  it('says in every caption what is drawn', () => {
    // Other words for a kind, so that captions need not all read alike.
    const also: Readonly<Record<string, RegExp>> = { 'bone radiograph': /x-ray/ };
    for (const { caption, labels } of corpus) {
      const kind = (labels[0] ?? '').toLowerCase();
      const words = caption.toLowerCase();
      expect([caption, kind.split(' ').some((word) => words.includes(word)) || also[kind]?.test(words)]).toEqual([
        caption,
        true,
      ]);
    }
  });

  it('draws the same pixels again, also in a smaller corpus', () => {
    const again = sampleCorpus({ count: 8 });
    again.forEach((record, i) => {
      const image = record.draw();
      expect(image.data.length).toBe(image.width * image.height * 3);
      expect(record.caption).toBe(corpus[i]?.caption);
      expect(sha256(image.data)).toBe(sha256(corpus[i]?.draw().data ?? new Uint8Array()));
    });
  });

  it('draws other figures for another seed', () => {
    const other = sampleCorpus({ seed: 2, count: 40 });
    expect(other.some((record) => corpus.some((known) => known.id === record.id))).toBe(false);
    expect(other.map((record) => record.caption)).not.toEqual(corpus.slice(0, 40).map((record) => record.caption));
  });

  it('gives the masks of named objects at the size of the image', () => {
    for (const record of corpus.slice(0, 34)) {
      const { image, masks } = record.drawWithMasks();
      for (const { prompt, mask } of masks) {
        expect(mask.length).toBe(image.width * image.height);
        expect([record.id, prompt, mask.some((value) => value > 0)]).toEqual([record.id, prompt, true]);
      }
    }
  });
});
