import { describe, expect, it } from '@jest/globals';
import { intervalPlot } from './interval-plot.js';

describe('an interval plot', () => {
  const { html: plot } = intervalPlot({
    id: 'plot',
    title: 'Found <first>',
    axis: 'share',
    series: [{ name: 'ours' }, { name: 'theirs' }],
    rows: [
      { name: 'rare words', estimates: [{ mean: 0.5, low: 0.25, high: 1 }, null], chance: 0.01 },
      {
        name: 'ids',
        estimates: [
          { mean: 1, low: 1, high: 1 },
          { mean: 0, low: 0, high: 0 },
        ],
        chance: 0,
      },
    ],
  });

  it('tells in words what it shows', () => {
    expect(plot).toContain(
      'rare words: ours 50 % (25 % to 100 %), a random order 1 %. ids: ours 100 % (100 % to 100 %), theirs 0 % (0 % to 0 %), a random order 0 %.',
    );
    expect(plot).toContain('Found &lt;first&gt;');
  });

  it('puts each mark on the scale, and leaves out what was not measured', () => {
    // 0 % lies at 234 and 100 % at 794.
    const marks = plot.slice(plot.indexOf('<desc'));
    expect(
      [...marks.matchAll(/class="interval" x1="([\d.]+)" x2="([\d.]+)"/g)].map(([, from, to]) => [from, to]),
    ).toEqual([
      ['374', '794'],
      ['794', '794'],
      ['234', '234'],
    ]);
    expect(marks.match(/<circle class="mark" cx="514"/g)).toHaveLength(1);
  });
});
