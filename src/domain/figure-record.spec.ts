import { describe, expect, it } from '@jest/globals';
import { findPanelFault, hashRecord, recordSchema } from './figure-record.js';
import { issuesInWords } from './issues.js';

const box = { x: 1, y: 2, width: 3, height: 4 };
const imageHash = 'a'.repeat(64);

function faultsOf(panels: unknown): string {
  const parsed = recordSchema.safeParse({ id: 'r', image: 'a.png', panels });
  return parsed.success ? 'none' : issuesInWords(parsed.error.issues);
}

function hashOf(given: Record<string, unknown>): string {
  return hashRecord(recordSchema.parse(given), imageHash);
}

describe('the panels of a record', () => {
  it('are taken with their labels, boxes and captions', () => {
    const panels = [{ label: 'A', box, caption: 'Chest CT' }, { box }];
    expect(recordSchema.parse({ id: 'r', image: 'a.png', panels }).panels).toEqual(panels);
  });

  it.each([
    [7, 'panels: Expected an array of panels but received 7'],
    [{ A: box }, 'panels: Expected an array of panels but received {"A":{"x":1,"y":2,"width":3,"height":4}}'],
    [[null], 'panels.0: Expected a panel as {"label", "box", "caption"} but received null'],
    [[{ box }, {}], 'panels.1.box: Expected a box as {"x", "y", "width", "height"} but received nothing'],
    [[{ box: [1, 2, 3, 4] }], 'panels.0.box: Expected a box as {"x", "y", "width", "height"} but received [1,2,3,4]'],
    [[{ box: { ...box, x: -1 } }], 'panels.0.box.x: Expected a whole number of pixels, at least 0, but received -1'],
    [[{ box: { ...box, y: 0.5 } }], 'panels.0.box.y: Expected a whole number of pixels, at least 0, but received 0.5'],
    [
      [{ box: { ...box, width: 0 } }],
      'panels.0.box.width: Expected a whole number of pixels, at least 1, but received 0',
    ],
    [
      [{ box: { x: 1, y: 2, width: 3 } }],
      'panels.0.box.height: Expected a whole number of pixels, at least 1, but received nothing',
    ],
    [
      [{ box: { ...box, height: '4' } }],
      'panels.0.box.height: Expected a whole number of pixels, at least 1, but received "4"',
    ],
    [[{ box, caption: ['a'] }], 'panels.0.caption: Expected a text but received ["a"]'],
    [Array(101).fill({ box }), 'panels: Expected at most 100 panels but received an array of 101'],
  ])('are refused where they are %j', (panels, message) => {
    expect(faultsOf(panels)).toBe(message);
  });

  it('are refused in one short line where all of a hundred are wrong', () => {
    const message = faultsOf(Array(100).fill({ box: { ...box, width: 0, height: 0 } }));
    expect(message).toMatch(/; and 180 more$/);
  });

  it.each([
    [{ x: 8, y: 0, width: 3, height: 4 }],
    [{ x: 0, y: 17, width: 3, height: 4 }],
    [{ x: 10, y: 20, width: 1, height: 1 }],
    [{ x: 0, y: 0, width: Number.MAX_SAFE_INTEGER, height: 1 }],
  ])('do not fit an image of 10 × 20 pixels at %j', (beyond) => {
    const panels = [{ box }, { box: beyond }];
    const { x, y, width, height } = beyond;
    expect(findPanelFault({ panels }, { width: 10, height: 20 })).toBe(
      `panels.1.box: Expected a box within the image of 10 × 20 pixels, after its orientation, but received x ${x}, y ${y}, width ${width}, height ${height}`,
    );
  });

  it('fit an image up to its last pixel', () => {
    const corner = { box: { x: 9, y: 19, width: 1, height: 1 } };
    const whole = { box: { x: 0, y: 0, width: 10, height: 20 } };
    expect(findPanelFault({ panels: [corner, whole] }, { width: 10, height: 20 })).toBeNull();
    expect(findPanelFault({}, { width: 10, height: 20 })).toBeNull();
  });
});

describe('hashRecord', () => {
  // Computed before records had panels: an ingest of an old corpus finds its records unchanged.
  it.each([
    [{ id: 'r1', image: 'a.png' }, 'b6a86e78af5c3999a5b732edda2f9214c854b773792ec03e73fd7718e5e747fa'],
    [
      {
        id: 'r2',
        image: 'a.png',
        caption: 'Chest <i>CT</i>',
        labels: ['CT'],
        pixelSpacing: [0.5, 0.5],
        source: { title: 'T', year: 2020 },
      },
      '7eb0ed66fe1fb5b113d3ac2ca66b16fd8c31b20cce88d08dd48eafa3a3ef1d41',
    ],
    [
      {
        id: 'r3',
        image: 'b.png',
        caption: null,
        article: { title: 'T', authors: ['A'] },
        label: 'Fig 1',
        mentions: ['m'],
        credit: 'c',
      },
      '40e7449451b6e2aa0dd20278d7b59b8c3e4f31bab797f565f00d5c32caf7648a',
    ],
  ])('of a record without panels is what it was: %j', (record, hash) => {
    expect(hashOf(record)).toBe(hash);
    expect(hashOf({ ...record, panels: null })).toBe(hash);
    expect(hashOf({ ...record, panels: [] })).toBe(hash);
  });

  it('is another one for other panels', () => {
    const record = { id: 'r1', image: 'a.png' };
    const hashes = [
      hashOf(record),
      hashOf({ ...record, panels: [{ box }] }),
      hashOf({ ...record, panels: [{ box, label: 'A' }] }),
      hashOf({ ...record, panels: [{ box, caption: 'c' }] }),
      hashOf({ ...record, panels: [{ box: { ...box, x: 2 } }] }),
      hashOf({ ...record, panels: [{ box }, { box }] }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashOf({ ...record, panels: [{ caption: 'c', box: { ...box, unit: 'px' } }] })).toBe(hashes[3]);
  });
});
