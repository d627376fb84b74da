import { describe, expect, it } from '@jest/globals';
import { PmcBucket } from './pmc-bucket.js';

const listed = (answer: string) =>
  new PmcBucket({ get: () => Promise.resolve(Buffer.from(answer)) }, 'http://bucket.example').versions('PMC1');

describe('the list of the versions of an article', () => {
  it('is read from the highest version to the lowest', async () => {
    const prefixes = ['PMC1.2/', 'PMC1.10/', 'PMC12.1/'].map((name) => `<CommonPrefixes><Prefix>${name}</Prefix>`);
    const answer = `<ListBucketResult>${prefixes.join('</CommonPrefixes>')}</CommonPrefixes></ListBucketResult>`;
    expect(await listed(answer)).toEqual(['PMC1.10', 'PMC1.2']);
  });

  it.each([
    ['a page of a gateway', '<html><body>Please sign in</body></html>', /received html/],
    ['no XML', 'Please sign in', /list of the versions of PMC1 cannot be read/],
    ['nothing', '', /list of the versions of PMC1 cannot be read/],
  ])('is refused where the answer is %s', async (_name, answer, message) => {
    await expect(listed(answer)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringMatching(message),
    });
  });
});
