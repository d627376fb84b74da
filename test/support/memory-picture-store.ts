import { isWholeFigure, type FigureId } from '../../src/domain/ids.js';
import type { PictureCode } from '../../src/domain/picture-likeness.js';
import { storedCodes } from '../../src/imaging/pictures/picture-candidates.js';
import { signatureFromBytes } from '../../src/imaging/pictures/signature-bytes.js';
import {
  PictureStore,
  type ListedMatch,
  type PendingPictures,
  type PictureMatch,
  type SignedPicture,
  type StoredMatch,
  type StoredPicture,
} from '../../src/ports/picture-store.js';
import { turnedBack } from './turned-back.js';

type State = 'unsigned' | 'uncompared' | 'compared' | 'unreadable';
interface Row {
  readonly picture: StoredPicture;
  signature: Uint8Array | null;
  state: State;
}

/** Pictures in memory; the order of their numbers is that of their coming. */
export class MemoryPictureStore extends PictureStore {
  private readonly rows = new Map<number, Row>();
  private readonly codes: PictureCode[] = [];
  /** The anchor of the group of each whole figure in one, by the numbers of their panels. */
  private readonly anchors = new Map<number, number>();
  /** Pairs of figures of which a person said that they are not the same. */
  private apart = new Set<string>();
  private readonly matches: { readonly first: number; readonly match: PictureMatch }[] = [];

  add(picture: StoredPicture, signature: Uint8Array | null): void {
    this.rows.set(picture.number, { picture, signature, state: signature === null ? 'unsigned' : 'uncompared' });
  }

  pending(after = 0): Promise<PendingPictures> {
    const [unsigned, uncompared] = [this.in('unsigned', after).length, this.in('uncompared', after).length];
    return Promise.resolve({ unsigned, uncompared });
  }

  listUnsigned(limit: number, after = 0): Promise<readonly StoredPicture[]> {
    return Promise.resolve(
      this.in('unsigned', after)
        .slice(0, limit)
        .map(({ picture }) => picture),
    );
  }

  sign(signatures: readonly { readonly number: number; readonly signature: Uint8Array | null }[]): Promise<void> {
    for (const { number, signature } of signatures) {
      const row = this.rows.get(number);
      if (row === undefined) continue;
      row.signature = signature;
      row.state = signature === null ? 'unreadable' : 'uncompared';
    }
    return Promise.resolve();
  }

  listUncompared(limit: number, after = 0): Promise<readonly SignedPicture[]> {
    return Promise.resolve(this.in('uncompared', after).slice(0, limit).flatMap(signed));
  }

  findCodes(prefixes: readonly number[], ofOthersThan: FigureId): Promise<readonly PictureCode[]> {
    const wanted = new Set(prefixes);
    const isOther = (panel: number) => this.rows.get(panel)?.picture.figureId !== ofOthersThan;
    return Promise.resolve(this.codes.filter(({ prefix, panel }) => wanted.has(prefix) && isOther(panel)));
  }

  picturesOf(numbers: readonly number[]): Promise<readonly SignedPicture[]> {
    return Promise.resolve(numbers.flatMap((number) => signed(this.rows.get(number))));
  }

  anchorsOf(numbers: readonly number[]): Promise<readonly number[]> {
    return Promise.resolve([...new Set(numbers.flatMap((number) => this.anchors.get(number) ?? []))]);
  }

  record(number: number, matches: readonly PictureMatch[]): Promise<void> {
    const row = this.rows.get(number);
    if (row?.signature == null || row.state !== 'uncompared') return Promise.resolve();
    row.state = 'compared';
    this.codes.push(...storedCodes(number, signatureFromBytes(row.signature)));
    for (const match of matches) if (this.rows.has(match.other)) this.matches.push({ first: number, match });
    this.join(number, this.sameAs(number));
    return Promise.resolve();
  }

  matchesOf(figureId: FigureId): Promise<readonly StoredMatch[]> {
    const found = this.listed().flatMap((one) => [one, turnedBack(one)]);
    const own = found.filter((one) => one.figureId === figureId);
    const sorted = own.sort((a, b) => Number(b.isSame) - Number(a.isSame) || b.similarity - a.similarity);
    return Promise.resolve(sorted.map(({ numbers: _numbers, figureId: _figureId, ...match }) => match));
  }

  listMatches([first, second]: readonly [number, number], limit: number): Promise<readonly ListedMatch[]> {
    const behind = this.listed().filter(({ numbers: [one, two] }) => one > first || (one === first && two > second));
    behind.sort((a, b) => a.numbers[0] - b.numbers[0] || a.numbers[1] - b.numbers[1]);
    return Promise.resolve(behind.slice(0, limit));
  }

  /** Told from the panel with the lesser number. */
  private listed(): ListedMatch[] {
    return this.matches.flatMap(({ first, match: { other, ...likeness } }) => {
      const [own, its] = [this.rows.get(first)?.picture, this.rows.get(other)?.picture];
      if (own === undefined || its === undefined || this.areApart(first, other)) return [];
      const told: ListedMatch = {
        ...likeness,
        panelId: own.panelId,
        figureId: own.figureId,
        other: { panelId: its.panelId, figureId: its.figureId },
        numbers: [first, other],
      };
      return [first < other ? told : turnedBack(told)];
    });
  }

  /** Figures in each group, the anchor first. */
  get groups(): readonly (readonly FigureId[])[] {
    const members = [...this.anchors.keys()].sort((a, b) => a - b);
    const anchors = members.filter((number) => this.anchors.get(number) === number);
    const figureOf = (number: number) => this.rows.get(number)?.picture.figureId ?? [];
    return anchors.map((anchor) => members.filter((one) => this.anchors.get(one) === anchor).flatMap(figureOf));
  }

  /** Forms the groups anew. @param apart pairs of figures that are not the same, the lesser id first, with a blank between */
  setApart(apart: ReadonlySet<string>): void {
    this.apart = new Set(apart);
    const members = [...this.rows.keys()].sort((a, b) => a - b);
    this.anchors.clear();
    for (const number of members) {
      this.join(
        number,
        this.sameAs(number).filter((other) => other < number),
      );
    }
  }

  private sameAs(number: number): number[] {
    return this.matches.flatMap(({ first, match }) => {
      if (!match.isSame) return [];
      if (first === number) return [match.other];
      return match.other === number ? [first] : [];
    });
  }

  private areApart(one: number, other: number): boolean {
    const ids = [one, other].map((number) => this.rows.get(number)?.picture.figureId ?? '');
    return this.apart.has(ids.sort().join(' '));
  }

  private join(number: number, same: readonly number[]): void {
    const isBarred = (one: number) =>
      [...this.rows.keys()].some(
        (member) => (this.anchors.get(member) ?? member) === one && this.areApart(member, number),
      );
    const alike = same.filter((other) => this.isWhole(other) && !isBarred(this.anchors.get(other) ?? other));
    alike.sort((a, b) => a - b);
    const anchor = alike.find((one) => this.anchors.get(one) === one) ?? alike.find((one) => !this.anchors.has(one));
    if (anchor === undefined || !this.isWhole(number) || this.anchors.has(number)) return;
    for (const member of [anchor, number]) this.anchors.set(member, anchor);
  }

  private isWhole(number: number): boolean {
    const picture = this.rows.get(number)?.picture;
    return picture !== undefined && isWholeFigure(picture.panelId);
  }

  private in(state: State, after: number): Row[] {
    return [...this.rows.values()].filter((row) => row.state === state && row.picture.number > after);
  }
}

function signed(row: Row | undefined): SignedPicture[] {
  return row?.signature == null ? [] : [{ ...row.picture, signature: row.signature }];
}
