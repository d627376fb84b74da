import type { Box } from '../../domain/figure.js';
import { cutRegion, InkMap, type Gutter } from './gutters.js';

/** How an image falls into parts: cut by cut. */
type Layout = { readonly region: Box } | { readonly parts: readonly [Layout, Layout] };

interface Plan {
  readonly score: number;
  readonly layout: Layout;
}

/** Narrower bands are found within charts and between letters. */
const minGutterShare = 0.002;
/** Wider bands part panels no more surely. */
const wideGutterShare = 0.04;
/** A part that is smaller than this share of an even one is no panel. */
const minAreaShare = 0.12;
/** A side shorter than this share of the image's longer side is no panel. */
const minSideShare = 0.05;
/** Of each region, the widest gutters are tried. */
const maxGutters = 8;
/** A picture with more ways to cut it is a texture, as a plate with wells: it stays whole. */
const maxRegions = 20_000;
/** How much it speaks against a layout that its parts differ in size. */
const evenness = 1;

/** Why an image is not cut: its bands do not allow it, or there are more ways to cut it than are looked at. */
export type NoCut = 'no bands' | 'texture';

/**
 * Cuts an image of several panels into as many as its caption names, along empty bands. Of all ways to cut it with straight
 * lines that go through, the one with the widest bands and the most even parts is taken.
 * @param count how many panels the caption names, at least 2
 * @returns the parts in no order, without their margins
 */
export function splitPanels(ink: InkMap, count: number): readonly Box[] | NoCut {
  const whole = ink.tighten({ x: 0, y: 0, width: ink.width, height: ink.height });
  if (whole === null) return 'no bands';
  const search = new LayoutSearch(ink, whole, count);
  const plan = search.best(whole, count);
  if (search.isGivenUp) return 'texture';
  return plan === null ? 'no bands' : leavesOf(plan.layout);
}

/** Finds the best layout of a region by the best layouts of its parts. */
class LayoutSearch {
  private readonly known = new Map<string, Plan | null>();
  private readonly minGutter: number;
  private readonly evenArea: number;
  private readonly minSide: number;
  private readonly wide: number;

  constructor(
    private readonly ink: InkMap,
    whole: Box,
    count: number,
  ) {
    const longest = Math.max(whole.width, whole.height);
    this.minGutter = Math.max(2, Math.round(minGutterShare * longest));
    this.wide = wideGutterShare * longest;
    this.minSide = minSideShare * longest;
    this.evenArea = (whole.width * whole.height) / count;
  }

  /** Whether there were more ways to cut than are looked at. */
  get isGivenUp(): boolean {
    return this.known.size >= maxRegions;
  }

  best(region: Box, count: number): Plan | null {
    const key = `${count} ${region.x} ${region.y} ${region.width} ${region.height}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.isGivenUp) return null;
    const found = count === 1 ? this.leaf(region) : this.bestCut(region, count);
    this.known.set(key, found);
    return found;
  }

  private leaf(region: Box): Plan | null {
    const share = (region.width * region.height) / this.evenArea;
    if (share < minAreaShare || Math.min(region.width, region.height) < this.minSide) return null;
    return { score: -evenness * Math.log(share) ** 2, layout: { region } };
  }

  private bestCut(region: Box, count: number): Plan | null {
    const gutters = [...this.ink.gutters(region, this.minGutter)].sort((a, b) => b.width - a.width);
    let best: Plan | null = null;
    for (const gutter of gutters.slice(0, maxGutters)) {
      const [first, second] = cutRegion(region, gutter).map((part) => this.ink.tighten(part));
      if (first == null || second == null) continue;
      for (let left = 1; left < count; left++) {
        const plan = this.join(gutter, this.best(first, left), () => this.best(second, count - left));
        if (plan !== null && (best === null || plan.score > best.score)) best = plan;
      }
    }
    return best;
  }

  private join(gutter: Gutter, first: Plan | null, findSecond: () => Plan | null): Plan | null {
    const second = first === null ? null : findSecond();
    if (first === null || second === null) return null;
    const score = Math.log(Math.min(gutter.width, this.wide) / this.minGutter) + first.score + second.score;
    return { score, layout: { parts: [first.layout, second.layout] } };
  }
}

function leavesOf(layout: Layout): readonly Box[] {
  return 'region' in layout ? [layout.region] : layout.parts.flatMap(leavesOf);
}
