import { expect, it } from '@jest/globals';
import { ActiveModel } from './active-model.js';
import type { ModelRuntime } from './model-runtime.js';

/** As much of a stack as a change of models touches. */
function stackOf(version: string) {
  const calls: string[] = [];
  const part = (name: string, ...methods: readonly string[]) =>
    Object.fromEntries(methods.map((method) => [method, () => Promise.resolve(void calls.push(`${name}.${method}`))]));
  const parts = {
    encoder: part('encoder', 'start', 'rest', 'close'),
    bulkEncoder: part('bulkEncoder', 'rest', 'close'),
    embedMissing: part('embedMissing', 'run'),
    space: part('space', 'buildIfNeeded', 'close'),
  };
  return { calls, stack: { model: { name: version, version }, ...parts } as unknown as ModelRuntime };
}

it('starts nothing of a model whose loading outlives the server', async () => {
  const [serving, next] = [stackOf('old'), stackOf('new')];
  let loaded: (stack: ModelRuntime) => void = () => undefined;
  const live = new ActiveModel(
    serving.stack,
    () => Promise.resolve({ name: 'new', version: 'new' }),
    () => new Promise((resolve) => (loaded = resolve)),
    () => Promise.resolve('corpus'),
  );
  const following = live.poll();
  await Promise.resolve();
  const closing = live.close();
  loaded(next.stack);
  await Promise.all([following, closing]);
  expect(next.calls.toSorted()).toEqual(['bulkEncoder.close', 'encoder.close', 'space.close']);
  expect(live.current).toBe(serving.stack);
});
