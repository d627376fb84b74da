import type { Channel } from '../domain/search.js';
import type { QueryInformation } from '../ports/keyword-index.js';
import { standardScore, type ChannelBackground } from './channel-background.js';
import type { NoiseLevel } from './text-noise.js';

/** What the channels found for a text, before it is known how much each of them says. */
export interface TextFindings {
  /** Cosine of the tenth nearest image of the whole corpus; null where images were not asked. */
  readonly nearestImage: number | null;
  readonly backgrounds: Readonly<Record<'IMAGE' | 'CAPTION', ChannelBackground | null>>;
  readonly noise: NoiseLevel;
  /** BM25 of the best panel; 0 where none holds a word. */
  readonly bestWords: number;
  readonly information: QueryInformation;
}

/** What the score of a channel says for a panel. */
export interface ChannelPoints {
  /** How much, on the scale of all channels. */
  readonly points: Readonly<Record<Channel, (score: number) => number>>;
  /** Whether it is enough to call the panel a match. */
  readonly isMatch: Readonly<Record<Channel, (score: number) => boolean>>;
}

// Chosen on the queries of docs/search.md; between their neighbors the measures hardly move.
const imageWeight = 1.9;
const captionWeight = 1.1;
const sharpness = 0.06;
const [distrust, captionFloor] = [0.015, 0.02];
const wordlessTrust = 0.8;
const [leastWords, rarityWeight, commonRarity] = [0.3, 15, 2.1];
const [coverageOfWords, coverageOfCaptions] = [1.2, 0.55];
/** BM25 of a word that stands once in a caption, as a multiple of its inverse document frequency. */
const captionSaturation = 1.6;
const [lowest, highest] = [-1, 10];
const matchShare = 0.5;

/**
 * Evidence on one scale, so that the channels add up. docs/search.md explains the rules and how they were chosen.
 * - KEYWORD: the square of the share of the best panel's BM25, times how rare the query's words are and how much of the query the best
 *   panel holds. Common words say little, and neither do a few words of a long text.
 * - IMAGE: standard scores, as far as the tenth nearest image is nearer than images come to texts that mean nothing.
 * - CAPTION: standard scores, as far as the words leave something open: captions tell much the same as words.
 * A channel that has nothing of a panel says nothing of it.
 */
export function evidenceOfText(findings: TextFindings): ChannelPoints {
  const { bestWords, information } = findings;
  const coverage = information.total > 0 ? Math.min(1, bestWords / (captionSaturation * information.total)) : 0;
  const rarity = information.words > 0 ? information.total / information.words : 0;
  const keywordWeight = (leastWords + rarityWeight * Math.max(0, rarity - commonRarity)) * coverage ** coverageOfWords;
  const weightOfImages = imageWeight * Math.min(1, imageTrust(findings) + wordlessTrust * (1 - coverage));
  const weightOfCaptions = captionWeight * ((1 - coverage) ** coverageOfCaptions + captionFloor);
  const points: ChannelPoints['points'] = {
    KEYWORD: (score) => (bestWords > 0 ? keywordWeight * (score / bestWords) ** 2 : 0),
    IMAGE: (cosine) => weightOfImages * boundedScore(cosine, findings.backgrounds.IMAGE),
    CAPTION: (cosine) => weightOfCaptions * boundedScore(cosine, findings.backgrounds.CAPTION),
  };
  return { points, isMatch: matchesOf(findings) };
}

/**
 * A panel is a match where it holds half of what the words of the query tell; or where images say something of the text and
 * its own is above what texts without meaning reach (one of four, or one of twenty where no word of the query is stored); or
 * where its caption is nearer than captions come to such texts.
 */
function matchesOf({
  nearestImage,
  backgrounds,
  noise,
  bestWords,
  information,
}: TextFindings): ChannelPoints['isMatch'] {
  const level = bestWords > 0 ? noise.images.seldom : noise.images.hardlyEver;
  const isAbove = (cosine: number | null, background: ChannelBackground | null, least: number | null): boolean =>
    cosine !== null && background !== null && least !== null && standardScore(cosine, background) >= least;
  const imagesTell = isAbove(nearestImage, backgrounds.IMAGE, level);
  return {
    KEYWORD: (score) => information.total > 0 && score >= matchShare * captionSaturation * information.total,
    IMAGE: (cosine) => imagesTell && isAbove(cosine, backgrounds.IMAGE, level),
    CAPTION: (cosine) => isAbove(cosine, backgrounds.CAPTION, noise.caption),
  };
}

/** 0..1: whether the images say anything of the text. */
function imageTrust({ nearestImage, backgrounds, noise }: TextFindings): number {
  if (nearestImage === null || backgrounds.IMAGE === null) return 1;
  const above = (standardScore(nearestImage, backgrounds.IMAGE) - noise.images.seldom) / sharpness;
  return distrust + (1 - distrust) / (1 + Math.exp(-above));
}

function boundedScore(cosine: number, background: ChannelBackground | null): number {
  if (background === null) return 0;
  return Math.max(lowest, Math.min(highest, standardScore(cosine, background)));
}
