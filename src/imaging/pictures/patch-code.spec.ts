import { describe, expect, it } from '@jest/globals';
import {
  codeLength,
  encodePatch,
  hammingDistance,
  hashOf,
  patchSide,
  positions,
  prefixStep,
  probesOf,
  repositioned,
  type Position,
} from './patch-code.js';

/** Samples without any symmetry. */
const samples = Float32Array.from({ length: patchSide * patchSide }, (_, i) => {
  const [x, y] = [i % patchSide, Math.floor(i / patchSide)];
  return 128 + 60 * Math.sin(0.5 * x + 0.2 * y) + 40 * Math.cos(0.13 * x * y) + 3 * x - 2 * y;
});

/** The samples as a picture in a position: mirrored, turned upside down, then rows and columns exchanged. */
function moved(position: Position): Float32Array {
  const at = (x: number, y: number): number => {
    const [column, row] = (position & 4) === 0 ? [x, y] : [y, x];
    const left = (position & 1) === 0 ? column : patchSide - 1 - column;
    const top = (position & 2) === 0 ? row : patchSide - 1 - row;
    return samples[top * patchSide + left] ?? 0;
  };
  return samples.map((_, i) => at(i % patchSide, Math.floor(i / patchSide)));
}

describe('the code of a patch', () => {
  it.each(positions)('is known for position %i without the patch', (position) => {
    const known = repositioned(encodePatch(samples).code, position);
    const made = encodePatch(moved(position)).code;
    expect(known.every((value, place) => Math.abs(value - (made[place] ?? 0)) <= 1)).toBe(true);
    expect(hammingDistance(hashOf(known), hashOf(made))).toBeLessThanOrEqual(1);
  });

  it('stays the same with brightness and contrast', () => {
    const code = encodePatch(samples.map((value) => 0.5 * value + 30)).code;
    expect(hashOf(code)).toBe(hashOf(encodePatch(samples).code));
  });

  it('calls a patch without frequencies simple', () => {
    const edge = samples.map((_, i) => (i % patchSide < patchSide / 2 ? 0 : 255));
    expect(encodePatch(edge).richness).toBeLessThan(8);
    expect(encodePatch(samples).richness).toBeGreaterThan(14);
  });
});

describe('a hash', () => {
  it('counts the bits that differ, of both of its halves', () => {
    expect(hammingDistance(0, 0)).toBe(0);
    expect(hammingDistance(2 ** codeLength - 1, 0)).toBe(codeLength);
    expect(hammingDistance(prefixStep, 1)).toBe(2);
  });

  it('is looked for under its own prefix, and under those with weak signs turned', () => {
    const { code } = encodePatch(samples);
    const probes = probesOf(code, 4);
    expect(new Set(probes).size).toBe(16);
    expect(probes[0]).toBe(Math.floor(hashOf(code) / prefixStep));
    const [weakest] = [...code.keys()].slice(0, 24).sort((a, b) => Math.abs(code[a] ?? 0) - Math.abs(code[b] ?? 0));
    const turned = code.map((value, place) => (place === weakest ? (value > 0 ? -value : 1) : value));
    expect(probes).toContain(Math.floor(hashOf(turned) / prefixStep));
  });
});
