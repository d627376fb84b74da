import { expect, it } from '@jest/globals';

// Read when the first worker starts: this file is about machines where the addon could not be compiled.
process.env['FIGSEEK_NATIVE'] = '0';
const { nativeState } = await import('../../src/adapters/hnsw/workers/native-addon.js');
const { engineContract } = await import('./engine-contract.js');

it('runs without the addon', () => {
  expect(nativeState().addon).toBeNull();
});

engineContract(false);
