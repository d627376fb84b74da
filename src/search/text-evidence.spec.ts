import { describe, expect, it } from '@jest/globals';
import { backgroundOf } from './channel-background.js';
import { evidenceOfText, type TextFindings } from './text-evidence.js';

const background = { center: 0.3, spread: 0.1 };

const findings = (changes: Partial<TextFindings>): TextFindings => ({
  nearestImage: 0.5,
  backgrounds: { IMAGE: background, CAPTION: background },
  noise: { images: { seldom: 3, hardlyEver: 4.5 }, caption: 4 },
  bestWords: 8,
  information: { words: 1, total: 5 },
  ...changes,
});

describe('evidence of a text', () => {
  it('counts rare words before images that say nothing, and images before common words', () => {
    const rare = evidenceOfText(findings({}));
    expect(rare.points.KEYWORD(8)).toBeGreaterThan(rare.points.IMAGE(0.7) + rare.points.CAPTION(0.7));
    const common = evidenceOfText(
      findings({
        nearestImage: 0.7,
        information: { words: 3, total: 4.5 },
      }),
    );
    expect(common.points.IMAGE(0.7)).toBeGreaterThan(common.points.KEYWORD(8) + common.points.IMAGE(0.4));
  });

  it('trusts vectors where words are few of the text, or in no caption', () => {
    const covered = evidenceOfText(findings({}));
    const open = evidenceOfText(findings({ bestWords: 8, information: { words: 10, total: 50 } }));
    expect(open.points.CAPTION(0.6)).toBeGreaterThan(5 * covered.points.CAPTION(0.6));
    const unknown = evidenceOfText(findings({ bestWords: 0, information: { words: 1, total: 8 } }));
    expect(unknown.points.IMAGE(0.6)).toBeGreaterThan(2);
    expect(unknown.points.KEYWORD(0)).toBe(0);
  });

  it('calls a match what holds the words, or is nearer than texts without meaning come', () => {
    const { isMatch } = evidenceOfText(findings({ nearestImage: 0.65 }));
    expect([isMatch.KEYWORD(8), isMatch.KEYWORD(2)]).toEqual([true, false]);
    expect([isMatch.IMAGE(0.65), isMatch.IMAGE(0.55)]).toEqual([true, false]);
    expect([isMatch.CAPTION(0.75), isMatch.CAPTION(0.65)]).toEqual([true, false]);
    const unknown = evidenceOfText(findings({ bestWords: 0, nearestImage: 0.65 }));
    expect(unknown.isMatch.IMAGE(0.65)).toBe(false);
    const far = evidenceOfText(findings({}));
    expect(far.isMatch.IMAGE(0.9)).toBe(false);
  });

  it('says nothing of a channel without a background', () => {
    const small = evidenceOfText(findings({ backgrounds: { IMAGE: null, CAPTION: null } }));
    expect([small.points.IMAGE(0.9), small.points.CAPTION(0.9)]).toEqual([0, 0]);
  });
});

describe('the background of a channel', () => {
  const direction = Float32Array.of(1, 0);
  const sampleOf = (cosines: readonly number[]) => ({
    mean: Float32Array.of(0, 0),
    sample: cosines.map((cosine) => Float32Array.of(cosine, Math.sqrt(1 - cosine ** 2))),
  });

  it('is not widened by what fits the query', () => {
    const unrelated = Array.from({ length: 80 }, (_, i) => 0.2 + (i % 20) / 200);
    const alone = backgroundOf(direction, sampleOf(unrelated));
    const withCluster = backgroundOf(direction, sampleOf([...unrelated, ...Array.from({ length: 16 }, () => 0.9)]));
    expect(withCluster?.spread).toBeLessThan(1.5 * (alone?.spread ?? 0));
    expect(withCluster?.center).toBeCloseTo(alone?.center ?? 0, 1);
  });

  it('is not known in a small corpus', () => {
    expect(backgroundOf(direction, sampleOf([0.1, 0.2]))).toBeNull();
  });
});
