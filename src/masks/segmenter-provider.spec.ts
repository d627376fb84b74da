import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { FigseekError } from '../domain/errors.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { SegmenterProvider } from './segmenter-provider.js';

const noPredictor = (): never => {
  throw new Error('no model is opened here');
};

describe('the segmenter of a server', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('that cannot be opened is not read again for a minute', async () => {
    const registry = new ModelRegistry('/nowhere');
    const damaged = new FigseekError('MODEL_UNAVAILABLE', 'damaged');
    const load = jest.spyOn(registry, 'loadSegmenter').mockRejectedValue(damaged);
    const host = new SegmenterProvider(registry, 'narrow', noPredictor);
    for (let i = 0; i < 3; i++) await expect(host.withSegmenter(() => Promise.resolve())).rejects.toBe(damaged);
    expect(load).toHaveBeenCalledTimes(1);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 60_001);
    await expect(host.withSegmenter(() => Promise.resolve())).rejects.toBe(damaged);
    expect(load).toHaveBeenCalledTimes(2);
    await host.close();
    await expect(host.withSegmenter(() => Promise.resolve())).rejects.toMatchObject({
      message: 'The server is shutting down',
    });
    expect(load).toHaveBeenCalledTimes(2);
  });
});
