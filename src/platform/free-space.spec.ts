import { tmpdir } from 'node:os';
import { expect, it } from '@jest/globals';
import { checkSpace } from './free-space.js';

it('says how much is needed and how much is free, before anything is fetched', async () => {
  await expect(checkSpace(tmpdir(), 2 ** 60, 2 ** 30)).rejects.toThrow(
    /has \d+\.\d\d GiB free and \d+\.\d\d GiB are needed \(1073741824\.00 GiB to fetch, 1\.00 GiB for the import\)/,
  );
  await expect(checkSpace(tmpdir(), -(2 ** 40), 0)).resolves.toBeUndefined();
});
