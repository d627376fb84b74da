import { describe, expect, it } from '@jest/globals';
import type { PanelId } from '../domain/ids.js';
import type { Channel } from '../domain/search.js';
import { fuse, type RankedList } from './fusion.js';

const list = (channel: Channel, panels: Record<string, number>, without: readonly string[] = []): RankedList => ({
  channel,
  weight: 1,
  base: 0,
  panels: Object.entries(panels).map(([id, score]) => ({ panelId: id as PanelId, score })),
  appliesTo: (id) => !without.includes(id),
});

describe.each(['RECIPROCAL_RANK', 'WEIGHTED_SCORES'] as const)('fusion by %s', (method) => {
  it('puts a panel that two channels name before one that a single channel puts first', () => {
    const fused = fuse([list('IMAGE', { a: 0.9, b: 0.8 }), list('KEYWORD', { b: 7 })], method);
    expect(fused.map(({ panelId }) => panelId)).toEqual(['b', 'a']);
    expect(fused[0]?.evidence).toEqual([
      { channel: 'IMAGE', rank: 2, score: 0.8 },
      { channel: 'KEYWORD', rank: 1, score: 7 },
    ]);
  });

  it('breaks ties by id', () => {
    const fused = fuse([list('IMAGE', { z: 1 }), list('CAPTION', { a: 1 })], method);
    expect(fused.map(({ panelId }) => panelId)).toEqual(['a', 'z']);
  });

  it('does not hold it against a figure that it has no caption', () => {
    const lists = (without: readonly string[]) => [
      list('IMAGE', { bare: 0.9, told: 0.3 }),
      list('CAPTION', { told: 0.5 }, without),
      list('KEYWORD', { told: 3 }, without),
    ];
    const scoreOf = (without: readonly string[]) =>
      fuse(lists(without), method).find(({ panelId }) => panelId === 'bare')?.score ?? 0;
    expect(scoreOf(['bare'])).toBeGreaterThan(2 * scoreOf([]));
  });

  it('weighs channels, and leaves out one of weight 0', () => {
    const lists = [list('IMAGE', { a: 1, b: 0.5 }), { ...list('CAPTION', { b: 1, a: 0.5 }), weight: 0 }];
    expect(fuse(lists, method)[0]?.panelId).toBe('a');
  });

  it('gives the first of all channels the score 1', () => {
    expect(fuse([list('IMAGE', { a: 1 }), list('CAPTION', { a: 0.2 })], method)[0]?.score).toBeCloseTo(1, 12);
  });
});

it('measures scores from what an unrelated panel has', () => {
  const [first, second] = fuse([{ ...list('IMAGE', { a: 0.9, b: 0.75 }), base: 0.7 }], 'WEIGHTED_SCORES');
  expect(first?.score).toBeCloseTo(1, 12);
  expect(second?.score).toBeCloseTo(0.25, 12);
});

it('keeps the order of what is less like the query than an unrelated panel', () => {
  const far = { ...list('IMAGE', { near: 0.9, z: 0.6, a: 0.2 }), base: 0.7 };
  expect(fuse([far], 'WEIGHTED_SCORES').map(({ panelId, score }) => [panelId, score])).toEqual([
    ['near', 1],
    ['z', 0],
    ['a', 0],
  ]);
});
