import { describe, expect, it } from '@jest/globals';
import { refusalToPrune } from './source-pruning.js';

const run = { read: 5, unreadable: 0, wasSuspended: false };

describe('refusalToPrune', () => {
  it('lets a whole run remove what it has not read', () => {
    expect(refusalToPrune(run)).toBeNull();
  });

  it.each([
    ['no records', { ...run, read: 0 }, 'no records'],
    ['one part that could not be read', { ...run, unreadable: 1 }, 'a part of the source'],
    ['several such parts', { ...run, unreadable: 3 }, '3 parts of the source'],
    ['a pause in which others may have forgotten it', { ...run, wasSuspended: true }, 'suspended'],
  ])('says why a run with %s removes nothing', (_what, given, reason) => {
    expect(refusalToPrune(given)).toContain(reason);
  });
});
