import { describe, expect, it } from '@jest/globals';
import { dualEncoderManifest, registryOf, segmenterManifest } from '../../test/support/package-manifests.js';
import { MemorySettingsStore } from '../../test/support/memory-settings-store.js';
import { activeModelName } from './active-model-name.js';
import { ListModels } from './list-models.js';
import { localOperator } from '../domain/viewer.js';

describe('the list of models', () => {
  it('names packages, the active one, and the known models of which none is there', async () => {
    const pulled = dualEncoderManifest('mine', { source: 'vector-institute/open-pmc-18m-clip@abc' });
    const registry = registryOf(pulled, segmenterManifest('biomedparse'));
    const { packages, active, pullable } = await new ListModels(registry, () => Promise.resolve('mine')).run(
      localOperator,
    );
    expect(packages.map(({ name }) => name)).toEqual(['biomedparse', 'mine']);
    expect(active).toBe('mine');
    expect(pullable.map(({ name }) => name)).toEqual(['biomedclip']);
  });
});

describe('the active model', () => {
  it('is the configured one, else the chosen one, else the starter', async () => {
    const settings = new MemorySettingsStore();
    expect(await activeModelName(null, null)).toBe('starter');
    expect(await activeModelName(null, settings)).toBe('starter');
    await settings.set('active_model', 'chosen');
    expect(await activeModelName(null, settings)).toBe('chosen');
    expect(await activeModelName('configured', settings)).toBe('configured');
  });
});
