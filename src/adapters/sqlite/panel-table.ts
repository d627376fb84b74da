import type { FigureId, PanelId } from '../../domain/ids.js';
import type { IndexedPanel } from '../../domain/search.js';

const idPattern = /^pan_([0-9a-f]{24})_(0|[1-9]\d{0,4})$/;
const hashPattern = /^[0-9a-f]{32}/;
const wordsOfId = 3;
const wordsOfHash = 4;
const minCapacity = 1024;
/** About 300 bytes each. */
const maxMade = 100_000;

/**
 * Panels by their numbers, 46 bytes each: a JavaScript object with its texts would take six times as much, and the garbage
 * collector would visit each of a million. Ids are found by open addressing with linear probing.
 */
export class PanelTable {
  private idWords = new Uint32Array(0);
  private ordinals = new Uint16Array(0);
  private hashWords = new Uint32Array(0);
  /** 0: there is no such panel. */
  private figures = new Uint32Array(0);
  /** Numbers by the hash of their id; 0: free. A power of two, at most half full. */
  private slots = new Uint32Array(2 * minCapacity);
  private used = 0;
  private greatest = 0;
  // Most searches name panels that others named before: their texts are made once.
  private readonly made = new Map<number, IndexedPanel>();
  private readonly numbersOfMade = new Map<string, number>();

  /** The greatest number that was set. */
  get lastNumber(): number {
    return this.greatest;
  }

  /**
   * @param imageHash at least 32 hexadecimal digits; the first 128 bits are kept
   * @returns false for ids and hashes of another form than figseek's; they are left out
   */
  set(number: number, panelId: string, figure: number, imageHash: string): boolean {
    const [, hex = '', ordinal = ''] = idPattern.exec(panelId) ?? [];
    if (hex === '' || Number(ordinal) > 0xffff || !hashPattern.test(imageHash)) {
      return false;
    }
    if (number >= this.figures.length) this.grow(number + 1);
    for (let i = 0; i < wordsOfId; i++) this.idWords[number * wordsOfId + i] = wordAt(hex, i);
    for (let i = 0; i < wordsOfHash; i++) this.hashWords[number * wordsOfHash + i] = wordAt(imageHash, i);
    this.ordinals[number] = Number(ordinal);
    this.figures[number] = figure;
    this.greatest = Math.max(this.greatest, number);
    this.numbersOfMade.delete(panelId);
    this.link(number);
    return true;
  }

  remove(number: number): void {
    if (number < this.figures.length) this.figures[number] = 0;
    const panel = this.made.get(number);
    this.made.delete(number);
    if (panel !== undefined && this.numbersOfMade.get(panel.panelId) === number) {
      this.numbersOfMade.delete(panel.panelId);
    }
  }

  figureOf(number: number): number {
    return this.figures[number] ?? 0;
  }

  panel(number: number): IndexedPanel | null {
    const known = this.made.get(number);
    if (known !== undefined) return known;
    if (this.figureOf(number) === 0) return null;
    const hex = hexOf(this.idWords, number * wordsOfId, wordsOfId);
    const panel = {
      panelId: `pan_${hex}_${this.ordinals[number] ?? 0}` as PanelId,
      figureId: `fig_${hex}` as FigureId,
      imageKey: hexOf(this.hashWords, number * wordsOfHash, wordsOfHash),
    };
    if (this.made.size >= maxMade) {
      this.made.clear();
      this.numbersOfMade.clear();
    }
    this.made.set(number, panel);
    this.numbersOfMade.set(panel.panelId, number);
    return panel;
  }

  numberOf(panelId: string): number | null {
    return this.numbersOfMade.get(panelId) ?? this.find(panelId);
  }

  private find(panelId: string): number | null {
    const [, hex = '', ordinal = ''] = idPattern.exec(panelId) ?? [];
    if (hex === '') return null;
    const words = [wordAt(hex, 0), wordAt(hex, 1), wordAt(hex, 2)] as const;
    const mask = this.slots.length - 1;
    for (let slot = slotOf(words[0], Number(ordinal), mask); ; slot = (slot + 1) & mask) {
      const number = this.slots[slot] ?? 0;
      if (number === 0) return null;
      if (this.holds(number, words, Number(ordinal))) return this.figureOf(number) === 0 ? null : number;
    }
  }

  private holds(number: number, words: readonly [number, number, number], ordinal: number): boolean {
    const at = number * wordsOfId;
    return (
      this.idWords[at] === words[0] &&
      this.idWords[at + 1] === words[1] &&
      this.idWords[at + 2] === words[2] &&
      this.ordinals[number] === ordinal
    );
  }

  /** A panel that was stored anew has another number under the same id: the newer one is found. */
  private link(number: number): void {
    if (2 * (this.used + 1) > this.slots.length) this.rehash();
    const at = number * wordsOfId;
    const words = [this.idWords[at] ?? 0, this.idWords[at + 1] ?? 0, this.idWords[at + 2] ?? 0] as const;
    const ordinal = this.ordinals[number] ?? 0;
    const mask = this.slots.length - 1;
    for (let slot = slotOf(words[0], ordinal, mask); ; slot = (slot + 1) & mask) {
      const other = this.slots[slot] ?? 0;
      if (other !== 0 && !this.holds(other, words, ordinal)) continue;
      if (other === 0) this.used++;
      this.slots[slot] = number;
      return;
    }
  }

  private rehash(): void {
    const before = this.slots;
    this.slots = new Uint32Array(2 * before.length);
    this.used = 0;
    for (const number of before) if (this.figureOf(number) !== 0) this.link(number);
  }

  private grow(size: number): void {
    const capacity = Math.max(minCapacity, size, Math.ceil(1.5 * this.figures.length));
    this.idWords = grown(this.idWords, new Uint32Array(capacity * wordsOfId));
    this.hashWords = grown(this.hashWords, new Uint32Array(capacity * wordsOfHash));
    this.ordinals = grown(this.ordinals, new Uint16Array(capacity));
    this.figures = grown(this.figures, new Uint32Array(capacity));
  }
}

function grown<A extends Uint16Array | Uint32Array>(before: A, after: A): A {
  after.set(before);
  return after;
}

/** Ids are digests: their first bits are as good as any hash of them. */
function slotOf(word: number, ordinal: number, mask: number): number {
  return (word + Math.imul(ordinal, 0x9e3779b1)) & mask;
}

function wordAt(hex: string, word: number): number {
  return Number.parseInt(hex.slice(8 * word, 8 * word + 8), 16);
}

function hexOf(words: Uint32Array, from: number, count: number): string {
  let hex = '';
  for (let i = from; i < from + count; i++) hex += (words[i] ?? 0).toString(16).padStart(8, '0');
  return hex;
}
