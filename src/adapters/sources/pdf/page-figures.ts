import { findCaptions, type CaptionBlock } from './captions.js';
import {
  areaOf,
  contains,
  heightOf,
  isNear,
  sharedHeight,
  sharedWidth,
  unionOf,
  widthOf,
  type PageBox,
} from './geometry.js';
import { joinTiles, type FigureImage } from './image-tiles.js';
import type { PageMarks, PlacedImage } from './page-marks.js';
import type { TextLine } from './text-lines.js';

/** A figure with the caption that is printed beside it. */
export interface PageFigure {
  readonly label: string;
  readonly caption: string;
  readonly image: FigureImage;
}

/** What a page holds, and what of it is no figure. */
export interface PageContent {
  readonly figures: readonly PageFigure[];
  /** Images and captions that are left out, each with its reason. */
  readonly leftOut: readonly { readonly what: string; readonly reason: string }[];
  /** Images smaller than `minPixels` or `minPoints` a side. */
  readonly small: number;
}

export interface Page {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly TextLine[];
  readonly marks: PageMarks;
}

const minPixels = 48;
const minPoints = 24;
/** Points between tiles of one picture. */
const tileDistance = 0.5;
/** Points between parts of one figure. */
const partDistance = 12;
/** Points between parts of one figure that stand side by side. */
const besideDistance = 72;
/** Points between a figure and its caption. */
const captionDistance = 50;

/** An image, or the tiles of one. */
interface Picture {
  readonly images: readonly PlacedImage[];
  readonly box: PageBox;
  /** Null where it stands at an angle. */
  readonly joined: FigureImage | null;
}

/** Pictures that stand together, as the parts of one figure do. */
interface Cluster {
  readonly pictures: readonly Picture[];
  readonly box: PageBox;
}

/**
 * Figures of a page: images with a caption directly below or above them, in their column, and no other text between.
 * @param isRepeated whether an image stands on several pages
 */
export function findFigures(page: Page, isRepeated: (image: PlacedImage) => boolean): PageContent {
  const captions = findCaptions(page.lines);
  const pictures = picturesOf(page.marks.images.filter((image) => !isRepeated(image)));
  const large = pictures.filter((picture) => !isSmall(picture));
  const scans = large.filter(({ box }) => areaOf(box) > 0.8 * page.width * page.height);
  const clusters = clusterOf(
    large.filter((picture) => !scans.includes(picture)),
    partDistance,
  );
  const paired = pair(clusters, captions, page.lines);
  const [figures, leftOut]: [PageFigure[], { what: string; reason: string }[]] = [[], []];
  for (const scan of scans)
    leftOut.push({ what: nameOf([scan]), reason: 'it fills the page, as the scan of a page does' });
  for (const cluster of clusters) {
    const caption = paired.get(cluster) ?? null;
    const image = cluster.pictures.length === 1 ? (cluster.pictures[0]?.joined ?? null) : null;
    const reason =
      reasonOf(cluster, caption, image, page) ?? reasonBeside(cluster, caption, (other) => paired.has(other), clusters);
    if (reason === null && caption !== null && image !== null)
      figures.push({ label: caption.label, caption: caption.text, image });
    else leftOut.push({ what: nameOf(cluster.pictures), reason: reason ?? '' });
  }
  const used = new Set(paired.values());
  for (const caption of captions) {
    if (used.has(caption)) continue;
    const reason =
      'no image stands directly above or below its caption: it may be drawn with lines, or stand on another page';
    leftOut.push({ what: caption.label, reason });
  }
  return { figures, leftOut, small: pictures.length - large.length };
}

function isSmall({ images: [image], joined, box }: Picture): boolean {
  const { width, height } = joined ?? image ?? { width: 0, height: 0 };
  return Math.min(width, height) < minPixels || Math.min(widthOf(box), heightOf(box)) < minPoints;
}

function nameOf(pictures: readonly Picture[]): string {
  const { width, height } = pictures[0]?.joined ?? pictures[0]?.images[0] ?? { width: 0, height: 0 };
  const size = `of ${width} × ${height} pixels`;
  return pictures.length === 1 ? `an image ${size}` : `${pictures.length} images, the first one ${size}`;
}

/** Images that touch and are the tiles of one picture become one; all others stay. */
function picturesOf(images: readonly PlacedImage[]): readonly Picture[] {
  const single = images.map((image) => ({ images: [image], box: image.box, joined: joinTiles([image]) }));
  return clusterOf(single, tileDistance).flatMap(({ pictures, box }) => {
    const all = pictures.flatMap((picture) => picture.images);
    const joined = joinTiles(all);
    return joined === null ? pictures : [{ images: all, box, joined }];
  });
}

function clusterOf(pictures: readonly Picture[], distance: number): readonly Cluster[] {
  let clusters: readonly Cluster[] = [];
  for (const picture of pictures) {
    const near = clusters.filter(({ box }) => isNear(box, picture.box, distance));
    const joined = {
      pictures: [...near.flatMap((one) => one.pictures), picture],
      box: near.map(({ box }) => box).reduce(unionOf, picture.box),
    };
    clusters = [...clusters.filter((one) => !near.includes(one)), joined];
  }
  return clusters;
}

/** Which caption belongs to which images; where two could be meant, none. */
function pair(
  clusters: readonly Cluster[],
  captions: readonly CaptionBlock[],
  lines: readonly TextLine[],
): ReadonlyMap<Cluster, CaptionBlock> {
  const candidates = clusters.map((cluster) => ({
    cluster,
    below: nearest(cluster, captions, lines, 'below'),
    above: nearest(cluster, captions, lines, 'above'),
  }));
  const votes = candidates.filter(({ below, above }) => (below === null) !== (above === null));
  const isBelow = 2 * votes.filter(({ below }) => below !== null).length >= votes.length;
  const found = new Map<Cluster, CaptionBlock>();
  const taken = new Map<CaptionBlock, Cluster | null>();
  for (const { cluster, below, above } of candidates) {
    const caption = isBelow ? (below ?? above) : (above ?? below);
    if (caption === null) continue;
    // Two groups of images that want one caption: neither is its figure alone.
    const other = taken.get(caption);
    if (other !== undefined && other !== null) found.delete(other);
    if (other === undefined) found.set(cluster, caption);
    taken.set(caption, other === undefined ? cluster : null);
  }
  return found;
}

function nearest(
  { box }: Cluster,
  captions: readonly CaptionBlock[],
  lines: readonly TextLine[],
  side: 'below' | 'above',
): CaptionBlock | null {
  const gapTo = (other: PageBox) => (side === 'below' ? other.top - box.bottom : box.top - other.bottom);
  const [first = null] = captions
    .filter((caption) => sharedWidth(caption.box, box) > 0.5)
    .filter((caption) => gapTo(caption.box) > -6 && gapTo(caption.box) < captionDistance)
    .sort((a, b) => gapTo(a.box) - gapTo(b.box));
  if (first === null) return null;
  const gap = gapTo(first.box);
  const between = lines.some(
    (line) => isProse(line) && sharedWidth(line.box, box) > 0.3 && gapTo(line.box) >= 0 && gapTo(line.box) < gap - 2,
  );
  return between ? null : first;
}

/** Labels of axes and panels may stand between a figure and its caption; a sentence may not. */
function isProse({ text }: TextLine): boolean {
  return text.split(' ').filter((word) => /\p{L}{2,}/u.test(word)).length > 6;
}

function reasonOf(
  cluster: Cluster,
  caption: CaptionBlock | null,
  image: FigureImage | null,
  { marks, width, height }: Page,
): string | null {
  if (caption === null) return 'no caption that begins with “Fig” and a number stands directly above or below it alone';
  if (image === null)
    return cluster.pictures.length === 1
      ? `it stands at an angle (${caption.label})`
      : `${caption.label} is made of several images, which are not the tiles of one picture`;
  const vectors = marks.vectors.filter((box) => isMark(box, cluster, caption) && areaOf(box) < 0.9 * width * height);
  const whole = grow(cluster.box, vectors);
  if (areaOf(whole) > 1.3 * areaOf(cluster.box))
    return `${caption.label} is drawn with lines in part, which are not taken`;
  return null;
}

/** A picture at the same height that has no caption of its own may be the other half of the figure. */
function reasonBeside(
  { box }: Cluster,
  caption: CaptionBlock | null,
  hasCaption: (cluster: Cluster) => boolean,
  clusters: readonly Cluster[],
): string | null {
  const isBeside = (other: Cluster) =>
    sharedHeight(other.box, box) > 0.5 && isNear(other.box, box, besideDistance) && !hasCaption(other);
  return clusters.some((other) => other.box !== box && isBeside(other))
    ? `an image beside it has no caption of its own, so that ${caption?.label ?? 'the figure'} may be both`
    : null;
}

/** Frames around a figure and lines across the page are no parts of it. */
function isMark(box: PageBox, cluster: Cluster, caption: CaptionBlock): boolean {
  if (Math.min(widthOf(box), heightOf(box)) < 1.5) return false;
  return !contains(box, cluster.box) && !isNear(box, caption.box, 0);
}

function grow(start: PageBox, vectors: readonly PageBox[]): PageBox {
  let [whole, left] = [start, vectors];
  for (;;) {
    const near = left.filter((box) => isNear(box, whole, partDistance));
    if (near.length === 0) return whole;
    left = left.filter((box) => !near.includes(box));
    whole = near.reduce(unionOf, whole);
  }
}
