import { describe, expect, it } from '@jest/globals';
import { dualEncoderManifest, registryOf, segmenterManifest } from '../../test/support/package-manifests.js';
import { MemorySettingsStore } from '../../test/support/memory-settings-store.js';
import { activeDetectorName, activeModelName } from './active-model-name.js';
import { ListModels } from './list-models.js';
import { localOperator } from '../domain/viewer.js';

describe('the list of models', () => {
  it('names packages, the active one, and the known models of which none is there', async () => {
    const pulled = dualEncoderManifest('mine', { source: 'vector-institute/open-pmc-18m-clip@abc' });
    const registry = registryOf(pulled, segmenterManifest('biomedparse'));
    const names = [() => Promise.resolve('mine'), () => Promise.resolve('finds')] as const;
    const { packages, active, activeDetector, pullable } = await new ListModels(registry, ...names).run(localOperator);
    expect(packages.map(({ name }) => name)).toEqual(['biomedparse', 'mine']);
    expect({ active, activeDetector }).toEqual({ active: 'mine', activeDetector: 'finds' });
    expect(pullable.map(({ name }) => name)).toEqual(['biomedclip', 'panel-detector']);
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

describe('the active panel detector', () => {
  it('is the configured one, else the chosen one, else none', async () => {
    const settings = new MemorySettingsStore();
    expect(await activeDetectorName(null, null)).toBeNull();
    expect(await activeDetectorName(null, settings)).toBeNull();
    await settings.set('active_panel_detector', 'chosen');
    expect(await activeDetectorName(null, settings)).toBe('chosen');
    expect(await activeDetectorName('configured', settings)).toBe('configured');
    await settings.set('active_panel_detector', '');
    expect(await activeDetectorName(null, settings)).toBeNull();
  });
});
