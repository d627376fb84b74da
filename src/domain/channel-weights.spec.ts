import { describe, expect, it } from '@jest/globals';
import { tunedWeightsOf, withTunedWeights } from './channel-weights.js';

describe('tuned weights', () => {
  it('belong to one version of a model', () => {
    const one = withTunedWeights(null, 'v1', { IMAGE: 2, CAPTION: 0.25 });
    const both = withTunedWeights(one, 'v2', { IMAGE: 0.5 });
    expect(tunedWeightsOf(both, 'v1')).toEqual({ IMAGE: 2, CAPTION: 0.25 });
    expect(tunedWeightsOf(both, 'v2')).toEqual({ IMAGE: 0.5 });
    expect(tunedWeightsOf(both, 'v3')).toEqual({});
  });

  it('are taken back for one version', () => {
    const both = withTunedWeights(withTunedWeights(null, 'v1', { IMAGE: 2 }), 'v2', { IMAGE: 3 });
    const reset = withTunedWeights(both, 'v1', null);
    expect(tunedWeightsOf(reset, 'v1')).toEqual({});
    expect(tunedWeightsOf(reset, 'v2')).toEqual({ IMAGE: 3 });
  });

  it('are none where the setting cannot be read', () => {
    for (const stored of [null, '', 'no JSON', '{"v1": {"IMAGE": -1}}', '{"v1": {"IMAGE": 0}}']) {
      expect(tunedWeightsOf(stored, 'v1')).toEqual({});
    }
  });
});
