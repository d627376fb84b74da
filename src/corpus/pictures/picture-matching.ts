import type { PictureLikeness } from '../../domain/picture-likeness.js';
import { CandidateSearch, type PictureCandidate } from '../../imaging/pictures/picture-candidates.js';
import type { PictureFeatures } from '../../imaging/pictures/picture-signature.js';
import { signatureFromBytes } from '../../imaging/pictures/signature-bytes.js';
import type { BlobStore } from '../../ports/blob-store.js';
import type { ComparedPart, ImageReader } from '../../ports/image-reader.js';
import type { PictureMatch, PictureStore, SignedPicture, StoredPicture } from '../../ports/picture-store.js';
import { asEqual, isEqualFile } from './equal-files.js';
import { isOfTheImage, LeftPictures } from './left-pictures.js';

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
  /** Pictures whose image file is no image that can be read. */
  readonly failed: number;
}

/** What a run is told. */
export interface MatchingOptions {
  /** Only panels with a greater number are signed and compared; default: all. */
  readonly after?: number;
  /** Pictures that are done, of those that waited at the beginning. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the run after the pictures in hand; the next one goes on from there. */
  readonly signal?: AbortSignal;
}

/** A run at work. */
interface Run {
  readonly report: { signed: number; compared: number; failed: number };
  readonly left: LeftPictures;
  readonly after: number;
  readonly signal: AbortSignal | undefined;
  readonly tell: () => void;
}

/** A signature to keep; null where the picture cannot be read. */
interface Signing {
  readonly number: number;
  readonly signature: Uint8Array | null;
}

/** A candidate and what is stored of it. */
interface ComparedCandidate {
  readonly candidate: PictureCandidate;
  readonly other: SignedPicture;
}

/** One whose signature could be read. */
interface SoundCandidate extends ComparedCandidate {
  readonly features: PictureFeatures;
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

  /**
   * A picture that fails for another reason than its image waits on, and the run goes on behind it.
   * @throws the first error of such a picture, at the end or where many fail in a row: a later run tries them again
   * @throws {FigseekError} MODEL_UNAVAILABLE where images cannot be read any more
   */
  async run({ after = 0, onProgress, signal }: MatchingOptions = {}): Promise<MatchingReport> {
    const waiting = await this.pictures.pending(after);
    const total = 2 * waiting.unsigned + waiting.uncompared;
    const report = { signed: 0, compared: 0, failed: 0 };
    const tell = () => onProgress?.(Math.min(total, report.signed + 2 * report.failed + report.compared), total);
    const run: Run = { report, left: new LeftPictures(), after, signal, tell };
    await this.signAll(run);
    // A signature that was made anew lets its picture wait again, maybe behind the place where the run is.
    while ((await this.compareAll(run)) > 0);
    run.left.throwFirst();
    return report;
  }

  private async signAll({ report, left, after, signal, tell }: Run): Promise<void> {
    for (let last = after; !isEnded(signal);) {
      const batch = await this.pictures.listUnsigned(batchSize, last);
      const end = batch.at(-1);
      if (end === undefined) return;
      last = end.number;
      for (const group of chunksOf(byImage(batch), atOnce)) {
        const results = await Promise.allSettled(group.map((panels) => this.sign(panels)));
        const signed = results.flatMap((result): readonly Signing[] =>
          result.status === 'fulfilled' ? result.value : [],
        );
        await this.pictures.sign(signed);
        const failed = signed.filter(({ signature }) => signature === null).length;
        report.failed += failed;
        report.signed += signed.length - failed;
        tell();
        for (const result of results) {
          if (result.status === 'fulfilled') left.goOn();
          else left.leave(result.reason);
        }
      }
    }
  }

  /** @returns how many signatures were damaged and are made anew: these pictures are to be compared again */
  private async compareAll({ report, left, after, signal, tell }: Run): Promise<number> {
    let renewed = 0;
    for (let last = after; !isEnded(signal);) {
      const batch = await this.pictures.listUncompared(batchSize, last);
      const end = batch.at(-1);
      if (end === undefined) break;
      last = end.number;
      for (const picture of batch) {
        if (isEnded(signal)) break;
        try {
          const damaged = await this.compareOne(picture);
          for (const one of damaged) await this.pictures.sign(await this.sign([one]));
          renewed += damaged.length;
          if (!damaged.includes(picture)) report.compared += 1;
          left.goOn();
          tell();
        } catch (error) {
          left.leave(error);
        }
      }
    }
    return renewed;
  }

  /** @param panels of one image: it is decoded once */
  private async sign(panels: readonly StoredPicture[]): Promise<readonly Signing[]> {
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

  /** @returns pictures whose signature is damaged: the picture itself, which then is not compared, or some of the others */
  private async compareOne(picture: SignedPicture): Promise<readonly SignedPicture[]> {
    const signature = readSignature(picture);
    if (signature === null) return [picture];
    const search = new CandidateSearch(signature);
    const candidates = await this.candidatesOf(picture, search);
    const matches: PictureMatch[] = [];
    const sound: SoundCandidate[] = [];
    const damaged: SignedPicture[] = [];
    for (const { candidate, other } of candidates) {
      if (isEqualFile(picture, other)) {
        matches.push({ ...asEqual(picture.box), other: other.number });
        continue;
      }
      const features = readSignature(other);
      if (features === null) damaged.push(other);
      else sound.push({ candidate, other, features });
    }
    for (const group of chunksOf(sound, comparedAtOnce)) {
      const found = await this.compare(picture, group, search);
      found.forEach((likeness, place) => {
        const other = group[place]?.other;
        if (likeness !== null && other !== undefined) matches.push({ ...likeness, other: other.number });
      });
    }
    await this.pictures.record(picture.number, matches);
    return damaged;
  }

  /**
   * The best candidates, and of those behind them the anchors of their groups: of a picture with many copies each new one
   * is compared with the figure that decides whether it joins the group.
   */
  private async candidatesOf(picture: SignedPicture, search: CandidateSearch): Promise<readonly ComparedCandidate[]> {
    const codes = await this.pictures.findCodes(search.prefixes, picture.figureId);
    const all = search.candidates(codes, Infinity);
    const [best, rest] = [all.slice(0, mostCandidates), all.slice(mostCandidates)];
    const anchors =
      rest.length === 0 ? new Set() : new Set(await this.pictures.anchorsOf(best.map(({ panel }) => panel)));
    const candidates = [...best, ...rest.filter(({ panel }) => anchors.has(panel))];
    const stored = new Map(
      (await this.pictures.picturesOf(candidates.map(({ panel }) => panel))).map((one) => [one.number, one]),
    );
    return candidates.flatMap((candidate) => {
      const other = stored.get(candidate.panel);
      return other === undefined ? [] : [{ candidate, other }];
    });
  }

  private async compare(
    picture: SignedPicture,
    others: readonly SoundCandidate[],
    search: CandidateSearch,
  ): Promise<readonly (PictureLikeness | null)[]> {
    const parts = others.map(({ candidate, other, features }): ComparedPart => ({
      image: this.blobs.fileOf(other.imageHash),
      box: other.box,
      guesses: search.guesses(candidate, features),
    }));
    try {
      return await this.reader.compare({ image: this.blobs.fileOf(picture.imageHash), box: picture.box }, parts);
    } catch (error) {
      if (!isOfTheImage(error)) throw error;
      return [];
    }
  }
}

/** @returns null for a damaged one */
function readSignature({ signature }: SignedPicture): PictureFeatures | null {
  try {
    return signatureFromBytes(signature);
  } catch {
    return null;
  }
}

function isEnded(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
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
