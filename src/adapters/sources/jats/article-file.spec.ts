import { describe, expect, it } from '@jest/globals';
import { readArticleStream } from './article-file.js';

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 64) yield await Promise.resolve(bytes.subarray(at, at + 64));
}

const articleIn = (encoding: string): string =>
  `<?xml version="1.0" encoding="${encoding}"?><article><body><fig id="f"><caption><p>Größe</p></caption></fig></body></article>`;

describe('an article', () => {
  it.each<[string, Uint8Array]>([
    ['in UTF-8', Buffer.from(articleIn('UTF-8'))],
    ['in UTF-8 that says that it is UTF-16', Buffer.from(articleIn('UTF-16'))],
    ['in UTF-16', Buffer.from(`\ufeff${articleIn('UTF-16')}`, 'utf16le')],
    ['in ISO-8859-1', Buffer.from(articleIn('ISO-8859-1'), 'latin1')],
  ])('%s is read', async (_form, bytes) => {
    expect((await readArticleStream(inPieces(bytes))).figures[0]?.caption).toBe('Größe');
  });

  it('in an encoding that nobody knows is refused by its name', async () => {
    const reading = readArticleStream(inPieces(Buffer.from(articleIn('x-nothing'))));
    await expect(reading).rejects.toMatchObject({ message: expect.stringContaining('x-nothing') });
  });
});
