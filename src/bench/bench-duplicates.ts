import { openSource } from '../adapters/sources/open-source.js';
import type { PictureCode, PictureLikeness } from '../domain/picture-likeness.js';
import type { RawImage } from '../domain/raw-image.js';
import { decodeImage } from '../imaging/decode.js';
import { judge } from '../imaging/pictures/likeness.js';
import { CandidateSearch, storedCodes } from '../imaging/pictures/picture-candidates.js';
import { comparePictures, toCompared, type ComparedPicture } from '../imaging/pictures/picture-comparison.js';
import { pictureEdits, type PictureEdit } from '../imaging/pictures/picture-edits.js';
import { pictureFeatures, type PictureFeatures } from '../imaging/pictures/picture-signature.js';

/** What is measured. */
export interface DuplicatesBench {
  /** A folder of images or a file of records. */
  readonly source: string;
  readonly limit: number | null;
  /** How many pictures are copied, spread over all; 0: none. */
  readonly copies: number;
  /** Names of the edits that are measured (src/imaging/pictures/picture-edits.ts); null: all. */
  readonly edits: readonly string[] | null;
  /** Whether all pictures are compared with each other. */
  readonly groups: boolean;
}

export interface MeasuredPair extends PictureLikeness {
  readonly measure: 'pair';
  readonly first: string;
  readonly second: string;
}

export interface MeasuredEdit {
  readonly measure: 'copies';
  readonly edit: string;
  readonly copies: number;
  /** Copies of which the picture was found, of which the change was named, and which count as the same picture. */
  readonly found: number;
  readonly named: number;
  readonly same: number;
  /** Keys of those that were not found. */
  readonly missed: readonly string[];
}

interface MeasuredCorpus {
  readonly measure: 'corpus';
  readonly pictures: number;
  readonly unread: number;
  readonly features: number;
  readonly msPerSignature: number;
}

interface MeasuredGroups {
  readonly measure: 'groups';
  /** Candidates that were compared by their pixels, and pairs that have something in common. */
  readonly comparisons: number;
  readonly pairs: number;
  /** Pairs that count as the same picture: each of them, where it is not, is a false group. */
  readonly samePairs: number;
  readonly msPerComparison: number;
}

export type DuplicatesMeasurement = MeasuredCorpus | MeasuredPair | MeasuredGroups | MeasuredEdit;

/** As many as an ingest compares (src/corpus/pictures). */
const mostCandidates = 24;

interface Picture {
  readonly key: string;
  readonly readImage: () => Promise<Uint8Array>;
  readonly features: PictureFeatures;
}

/** All pictures with the index of their features, in memory. */
class Pictures {
  readonly all: Picture[] = [];
  private readonly codes = new Map<number, PictureCode[]>();

  add(picture: Picture): void {
    for (const code of storedCodes(this.all.length, picture.features)) {
      const list = this.codes.get(code.prefix);
      if (list === undefined) this.codes.set(code.prefix, [code]);
      else list.push(code);
    }
    this.all.push(picture);
  }

  /** Pictures that may be copies of one, with the guesses for each; only those before a number. */
  candidates(features: PictureFeatures, before = this.all.length) {
    const search = new CandidateSearch(features);
    const found = search.prefixes.flatMap((prefix) => this.codes.get(prefix) ?? []);
    const earlier = found.filter(({ panel }) => panel < before);
    return search.candidates(earlier, mostCandidates).flatMap((candidate) => {
      const picture = this.all[candidate.panel];
      return picture === undefined ? [] : [{ picture, guesses: search.guesses(candidate, picture.features) }];
    });
  }
}

/** How well copies are found, change by change, and which different pictures are taken for the same. */
export async function* benchDuplicates(bench: DuplicatesBench): AsyncGenerator<DuplicatesMeasurement> {
  const pictures = new Pictures();
  yield await readAll(bench, pictures);
  if (bench.groups) yield* compareAll(pictures);
  if (bench.copies === 0) return;
  const edits = pictureEdits.filter(({ name }) => bench.edits === null || bench.edits.includes(name));
  for (const edit of edits) yield await measureEdit(edit, pictures, bench.copies);
}

async function readAll({ source, limit }: DuplicatesBench, pictures: Pictures): Promise<MeasuredCorpus> {
  const figures = await openSource(source, { format: 'auto' });
  let [unread, features, ms] = [0, 0, 0];
  for await (const item of figures.read()) {
    if (item.kind !== 'record') continue;
    if (limit !== null && pictures.all.length >= limit) break;
    const image = await item
      .readImage()
      .then(decoded)
      .catch(() => null);
    if (image === null) {
      unread += 1;
      continue;
    }
    const startedAt = performance.now();
    const signature = await pictureFeatures(image);
    ms += performance.now() - startedAt;
    features += signature.features.length;
    pictures.add({ key: item.record.id, readImage: item.readImage, features: signature });
  }
  const count = Math.max(1, pictures.all.length);
  return {
    ...{ measure: 'corpus', pictures: pictures.all.length, unread },
    ...{ features: rounded(features / count), msPerSignature: rounded(ms / count) },
  };
}

async function* compareAll(pictures: Pictures): AsyncGenerator<MeasuredPair | MeasuredGroups> {
  let [comparisons, pairs, samePairs, ms] = [0, 0, 0, 0];
  for (const [number, picture] of pictures.all.entries()) {
    const candidates = pictures.candidates(picture.features, number);
    if (candidates.length === 0) continue;
    const compared = await toCompared(await decoded(await picture.readImage()));
    for (const { picture: other, guesses } of candidates) {
      const image = await decoded(await other.readImage());
      const startedAt = performance.now();
      const likeness = await likenessOf(compared, image, guesses);
      ms += performance.now() - startedAt;
      comparisons += 1;
      if (likeness === null) continue;
      pairs += 1;
      samePairs += likeness.isSame ? 1 : 0;
      yield { measure: 'pair', first: picture.key, second: other.key, ...likeness };
    }
  }
  yield { measure: 'groups', comparisons, pairs, samePairs, msPerComparison: rounded(ms / Math.max(1, comparisons)) };
}

async function measureEdit(
  { name, change, apply }: PictureEdit,
  pictures: Pictures,
  copies: number,
): Promise<MeasuredEdit> {
  const step = Math.max(1, pictures.all.length / copies);
  const missed: string[] = [];
  let [count, named, same] = [0, 0, 0];
  for (let at = 0; at < pictures.all.length; at += step) {
    const picture = pictures.all[Math.floor(at)];
    if (picture === undefined) continue;
    count += 1;
    const original = await decoded(await picture.readImage());
    const copy = await decoded(await apply(original));
    const candidate = pictures.candidates(await pictureFeatures(copy)).find((one) => one.picture === picture);
    const likeness =
      candidate === undefined ? null : await likenessOf(await toCompared(copy), original, candidate.guesses);
    if (likeness === null) missed.push(picture.key);
    // Turned about: the copy is the first picture here.
    else if (change === null || likeness.changes.some((one) => one === turned(change))) named += 1;
    if (likeness?.isSame === true) same += 1;
  }
  return { measure: 'copies', edit: name, copies: count, found: count - missed.length, named, same, missed };
}

function turned(change: string): string {
  if (change === 'ROTATED_90') return 'ROTATED_270';
  return change === 'ROTATED_270' ? 'ROTATED_90' : change;
}

async function likenessOf(
  picture: ComparedPicture,
  other: RawImage,
  guesses: Parameters<typeof comparePictures>[2],
): Promise<PictureLikeness | null> {
  const comparison = await comparePictures(picture, await toCompared(other), guesses);
  return comparison === null ? null : judge(comparison, [picture.image, other]);
}

async function decoded(bytes: Uint8Array): Promise<RawImage> {
  return (await decodeImage(bytes)).image;
}

function rounded(value: number): number {
  return Math.round(10 * value) / 10;
}
