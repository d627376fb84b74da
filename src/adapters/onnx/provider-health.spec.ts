import { expect, it } from '@jest/globals';
import { ProviderHealth } from './provider-health.js';

const alone = { kind: 'image', count: 1 };

function trust() {
  const problems: string[] = [];
  return { problems, providers: new ProviderHealth(['cuda', 'cpu'], (problem) => problems.push(problem)) };
}

it('gives up a provider at an error, and takes it back where the next one fails on the same input', () => {
  const { problems, providers } = trust();
  expect(providers.failed('cuda', { kind: 'error', message: 'CUDA failure 700' }, alone)).toBe('elsewhere');
  expect(providers.usable).toEqual(['cpu']);
  expect(providers.failed('cpu', { kind: 'error', message: 'bad input' }, alone)).toBe('usual');
  expect(providers.reinstate(['cuda'])).toBe(true);
  expect(providers.usable).toEqual(['cuda', 'cpu']);
  expect(providers.failures).toEqual([]);
  expect(providers.reinstate(['cuda'])).toBe(false);
  expect(problems).toHaveLength(2);
});

it('takes two ended processes within a hundred runs for an unfit device, and one for an accident', () => {
  const { providers } = trust();
  const end = () => providers.failed('cuda', { kind: 'ended', message: 'SIGSEGV' }, { kind: 'text', count: 4 });
  expect(end()).toBe('usual');
  for (let run = 0; run < 100; run++) providers.succeeded();
  expect(end()).toBe('usual');
  expect(end()).toBe('elsewhere');
});

it('halves runs down to one input where memory is too small', () => {
  const { providers } = trust();
  const tooLarge = (count: number) =>
    providers.failed('cuda', { kind: 'error', message: 'out of memory' }, { kind: 'image', count });
  const most = () => providers.most('image');
  expect([tooLarge(8), most(), tooLarge(4), tooLarge(2), most()]).toEqual(['smaller', 4, 'smaller', 'smaller', 1]);
  expect(providers.most('text')).toBe(Infinity);
  expect(tooLarge(1)).toBe('elsewhere');
});

it('passes over a provider that takes the process with it while the model is loaded, but never the last one', () => {
  const { providers } = trust();
  expect(providers.crashedDuringLoad('cuda', 'SIGABRT')).toBe(true);
  expect(providers.usable).toEqual(['cpu']);
  expect(providers.crashedDuringLoad('cpu', 'SIGABRT')).toBe(false);
});

it('remembers which providers ran the model rightly, also after they failed', () => {
  const { providers } = trust();
  expect(providers.validated).toEqual([]);
  providers.loadedBy('cuda');
  providers.loadedBy('cuda');
  providers.failed('cuda', { kind: 'error', message: 'CUDA failure 700' }, alone);
  providers.loadedBy('cpu');
  expect(providers.validated).toEqual(['cuda', 'cpu']);
});
