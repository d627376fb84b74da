import { describe, expect, it } from '@jest/globals';
import { tunedSettingsOf, withTunedSettings } from './tuned-settings.js';

const usual = { weights: {}, depth: null };

describe('tuned settings', () => {
  it('belong to one version of a model', () => {
    const one = withTunedSettings(null, 'v1', { weights: { IMAGE: 2, CAPTION: 0.25 }, depth: 500 });
    const both = withTunedSettings(one, 'v2', { weights: { IMAGE: 0.5 }, depth: null });
    expect(tunedSettingsOf(both, 'v1')).toEqual({ weights: { IMAGE: 2, CAPTION: 0.25 }, depth: 500 });
    expect(tunedSettingsOf(both, 'v2')).toEqual({ weights: { IMAGE: 0.5 }, depth: null });
    expect(tunedSettingsOf(both, 'v3')).toEqual(usual);
  });

  it('are taken back for one version', () => {
    const first = withTunedSettings(null, 'v1', { weights: { IMAGE: 2 }, depth: 1000 });
    const both = withTunedSettings(first, 'v2', { weights: { IMAGE: 3 }, depth: 100 });
    const reset = withTunedSettings(both, 'v1', null);
    expect(tunedSettingsOf(reset, 'v1')).toEqual(usual);
    expect(tunedSettingsOf(reset, 'v2')).toEqual({ weights: { IMAGE: 3 }, depth: 100 });
  });

  it('are read as they were kept before there was a depth', () => {
    expect(tunedSettingsOf('{"v1": {"IMAGE": 2}}', 'v1')).toEqual({ weights: { IMAGE: 2 }, depth: null });
  });

  it('are none where the setting cannot be read', () => {
    const damaged = ['{"v1": {"IMAGE": -1}}', '{"v1": {"IMAGE": 0}}', '{"v1": {"depth": 0}}', '{"v1": {"depth": 1e9}}'];
    for (const stored of [null, '', 'no JSON', ...damaged]) {
      expect(tunedSettingsOf(stored, 'v1')).toEqual(usual);
    }
  });
});
