import { describe, expect, it } from '@jest/globals';
import type { PanelId } from '../domain/ids.js';
import { fuseByRank } from './fusion.js';

const panel = (id: string, score = 0) => ({ panelId: id as PanelId, score });

describe('fuseByRank', () => {
  it('puts a panel that two channels name before one that a single channel puts first', () => {
    const fused = fuseByRank([
      { channel: 'IMAGE', weight: 1, panels: [panel('a', 0.9), panel('b', 0.8)] },
      { channel: 'KEYWORD', weight: 1, panels: [panel('b', 7)] },
    ]);
    expect(fused.map(({ panelId }) => panelId)).toEqual(['b', 'a']);
    expect(fused[0]?.score).toBeCloseTo(1 / 62 + 1 / 61, 12);
    expect(fused[0]?.evidence).toEqual([
      { channel: 'IMAGE', rank: 2, score: 0.8 },
      { channel: 'KEYWORD', rank: 1, score: 7 },
    ]);
  });

  it('breaks ties by id', () => {
    const fused = fuseByRank([
      { channel: 'IMAGE', weight: 1, panels: [panel('z')] },
      { channel: 'CAPTION', weight: 1, panels: [panel('a')] },
    ]);
    expect(fused.map(({ panelId }) => panelId)).toEqual(['a', 'z']);
  });

  it('refuses a smoothing constant that is not positive', () => {
    expect(() => fuseByRank([], 0)).toThrow(RangeError);
  });
});
