import { FigseekError } from '../../domain/errors.js';
import type { Box } from '../../domain/figure.js';
import type { PictureLikeness } from '../../domain/picture-likeness.js';
import { CandidateSearch, type PictureCandidate } from '../../imaging/pictures/picture-candidates.js';
import { signatureFromBytes } from '../../imaging/pictures/signature-bytes.js';
import type { BlobStore } from '../../ports/blob-store.js';
import type { ComparedPart, ImageReader } from '../../ports/image-reader.js';
import type { PictureMatch, PictureStore, SignedPicture, StoredPicture } from '../../ports/picture-store.js';

/** Pictures that are read from the store at once, and images that are worked on at once. */
const batchSize = 64;
const atOnce = 4;
/** So many candidates of a picture are compared pixel by pixel, those with the most in common. */
const mostCandidates = 24;
/** Pictures of one request to the process that compares: its time limit is for one request. */
const comparedAtOnce = 8;

/** How far the work is. */
export interface MatchingReport {
  readonly signed: number;
  readonly compared: number;
  /** Images that are missing or damaged. */
  readonly failed: number;
}

/** What a run is told. */
export interface MatchingOptions {
  /** Pictures that are done, of those that waited at the beginning. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the run after the pictures in hand; the next one goes on from there. */
  readonly signal?: AbortSignal;
}

/**
 * Finds pictures that stand in more than one figure: makes the signatures that are missing, then compares each new picture
 * with all before it. What is done is stored picture by picture, so that a run can be killed anywhere and run again.
 */
export class PictureMatching {
  constructor(
    private readonly pictures: PictureStore,
    private readonly blobs: BlobStore,
    private readonly reader: Pick<ImageReader, 'sign' | 'compare'>,
  ) {}

  /** @throws {FigseekError} MODEL_UNAVAILABLE where images cannot be read any more */
  async run({ onProgress, signal }: MatchingOptions = {}): Promise<MatchingReport> {
    const waiting = await this.pictures.pending();
    const total = 2 * waiting.unsigned + waiting.uncompared;
    const report = { signed: 0, compared: 0, failed: 0 };
    const tell = () => onProgress?.(Math.min(total, report.signed + 2 * report.failed + report.compared), total);
    while (!isEnded(signal)) {
      const batch = await this.pictures.listUnsigned(batchSize);
      if (batch.length === 0) break;
      for (const group of chunksOf(byImage(batch), atOnce)) {
        const signed = (await Promise.all(group.map((panels) => this.sign(panels)))).flat();
        await this.pictures.sign(signed);
        const failed = signed.filter(({ signature }) => signature === null).length;
        report.failed += failed;
        report.signed += signed.length - failed;
        tell();
      }
    }
    while (!isEnded(signal)) {
      const batch = await this.pictures.listUncompared(batchSize);
      if (batch.length === 0) break;
      for (const picture of batch) {
        if (isEnded(signal)) break;
        await this.pictures.record(picture.number, await this.matchesOf(picture));
        report.compared += 1;
        tell();
      }
    }
    return report;
  }

  /** @param panels of one image: it is decoded once */
  private async sign(panels: readonly StoredPicture[]) {
    const [first] = panels;
    if (first === undefined) return [];
    try {
      const boxes = panels.map(({ box }) => box);
      const signatures = await this.reader.sign(this.blobs.fileOf(first.imageHash), boxes);
      return panels.map(({ number }, place) => ({ number, signature: signatures[place] ?? null }));
    } catch (error) {
      if (!isOfTheImage(error)) throw error;
      return panels.map(({ number }) => ({ number, signature: null }));
    }
  }

  private async matchesOf(picture: SignedPicture): Promise<readonly PictureMatch[]> {
    const signature = signatureFromBytes(picture.signature);
    const search = new CandidateSearch(signature);
    const codes = await this.pictures.findCodes(search.prefixes, picture.figureId);
    const candidates = search.candidates(codes, mostCandidates);
    const stored = new Map(
      (await this.pictures.picturesOf(candidates.map(({ panel }) => panel))).map((one) => [one.number, one]),
    );
    const others = candidates.flatMap((candidate) => {
      const other = stored.get(candidate.panel);
      return other === undefined ? [] : [{ candidate, other }];
    });
    const equal = others.filter(({ other }) => isEqualFile(picture, other));
    const rest = others.filter(({ other }) => !isEqualFile(picture, other));
    const matches: PictureMatch[] = equal.map(({ other }) => ({ ...asEqual(picture.box), other: other.number }));
    for (const group of chunksOf(rest, comparedAtOnce)) {
      const found = await this.compare(picture, group, search);
      found.forEach((likeness, place) => {
        const other = group[place]?.other;
        if (likeness !== null && other !== undefined) matches.push({ ...likeness, other: other.number });
      });
    }
    return matches;
  }

  private async compare(
    picture: SignedPicture,
    others: readonly { readonly candidate: PictureCandidate; readonly other: SignedPicture }[],
    search: CandidateSearch,
  ): Promise<readonly (PictureLikeness | null)[]> {
    const parts = others.map(({ candidate, other }): ComparedPart => ({
      image: this.blobs.fileOf(other.imageHash),
      box: other.box,
      guesses: search.guesses(candidate, signatureFromBytes(other.signature)),
    }));
    try {
      return await this.reader.compare({ image: this.blobs.fileOf(picture.imageHash), box: picture.box }, parts);
    } catch (error) {
      if (!isOfTheImage(error)) throw error;
      return [];
    }
  }
}

function isEqualFile({ imageHash, box }: StoredPicture, other: StoredPicture): boolean {
  const { x, y, width, height } = other.box;
  const isEqualBox = box.x === x && box.y === y && box.width === width && box.height === height;
  return imageHash === other.imageHash && isEqualBox;
}

/** Of one part of one file there is nothing to compare. */
function asEqual({ width, height }: Box): PictureLikeness {
  const all = { x: 0, y: 0, width, height };
  return { similarity: 1, changes: [], isSame: true, boxes: [all, all] };
}

function isEnded(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Else the run ends, and can be run again: the next image could not be read either. */
function isOfTheImage(error: unknown): boolean {
  return error instanceof FigseekError && error.code !== 'MODEL_UNAVAILABLE';
}

function byImage(pictures: readonly StoredPicture[]): readonly (readonly StoredPicture[])[] {
  const images: StoredPicture[][] = [];
  for (const picture of pictures) {
    const last = images.at(-1);
    if (last?.[0]?.imageHash === picture.imageHash) last.push(picture);
    else images.push([picture]);
  }
  return images;
}

function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, place) =>
    items.slice(place * size, (place + 1) * size),
  );
}
