import { describe, expect, it } from '@jest/globals';
import { FakePanelPredictor } from '../../test/support/fake-panel-predictor.js';
import { dualEncoderManifest, panelDetectorManifest, registryOf } from '../../test/support/package-manifests.js';
import type { PackageManifest } from '../model-packages/package-manifest.js';
import { loadPanelDetector } from '../model-packages/dab-detr/load-panel-detector.js';
import { PanelDetectorProvider } from './panel-detector-provider.js';

describe('the panel detector of ingests', () => {
  function provider(...manifests: readonly PackageManifest[]) {
    const packages = registryOf(...manifests);
    const opened: FakePanelPredictor[] = [];
    const state: { active: string | null } = { active: null };
    const registry = {
      panelDetector: (name: string) => packages.panelDetector(name),
      // The packages have no files.
      loadPanelDetector: async (name: string) => loadPanelDetector('/packages', await packages.panelDetector(name)),
    };
    const detectors = new PanelDetectorProvider(
      registry,
      () => Promise.resolve(state.active),
      (model) => {
        const predictor = new FakePanelPredictor(2, model);
        opened.push(predictor);
        return predictor;
      },
    );
    return { detectors, opened, state };
  }

  it('is none where none is active', async () => {
    const { detectors, opened } = provider();
    expect(await detectors.current()).toBeNull();
    expect(opened).toEqual([]);
  });

  it('is opened once, another one beside it, and both are closed at the end', async () => {
    const others = [panelDetectorManifest('one'), panelDetectorManifest('two', 'b'.repeat(64))];
    const { detectors, opened, state } = provider(...others);
    state.active = 'one';
    const first = await detectors.current();
    expect(await detectors.current()).toBe(first);
    state.active = 'two';
    expect(await detectors.current()).not.toBe(first);
    expect(opened.map(({ model }) => model.name)).toEqual(['one', 'two']);
    await detectors.close();
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  });

  it('is opened once where two runs begin at the same time', async () => {
    const { detectors, opened, state } = provider(panelDetectorManifest('one'));
    state.active = 'one';
    const [first, second] = await Promise.all([detectors.current(), detectors.current()]);
    expect(second).toBe(first);
    await detectors.close();
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true]);
  });

  it('is refused where the package is gone, or of another kind', async () => {
    const { detectors, state } = provider(dualEncoderManifest('embeds'));
    for (const name of ['gone', 'embeds']) {
      state.active = name;
      await expect(detectors.current()).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    }
  });
});
