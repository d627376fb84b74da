import { expect, it } from '@jest/globals';
import { nativeState } from '../../src/adapters/hnsw/workers/native-addon.js';
import { engineContract } from './engine-contract.js';

it('runs with the addon that the install compiled', () => {
  expect(nativeState().reason).toBeNull();
});

engineContract(true);
