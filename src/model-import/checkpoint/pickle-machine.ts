/**
 * The part of Python's pickle that a state dict needs (pickle protocols 2 to 4; Python's Lib/pickletools.py is the
 * reference). It builds data only: a name is a value here, and `REDUCE` goes through `call`, which knows a handful of
 * constructors. Nothing in a checkpoint can run.
 */

/** A name that the pickle gives: `module.name`. */
export class Global {
  constructor(readonly name: string) {}
}

/** What the machine can hold; `object` stands for what `Hooks` makes. */
export type Value =
  null | boolean | number | string | Global | readonly Value[] | Map<Value, Value> | { readonly made: unknown };

export interface Hooks {
  /** Whether a name may stand in the file at all. */
  isAllowed(name: string): boolean;
  /** A call of an allowed name. @throws when the arguments do not fit */
  call(name: string, args: readonly Value[]): Value;
  /** A reference to data outside the pickle. */
  persistent(id: Value): Value;
}

const mark = Symbol('mark');
type Slot = Value | typeof mark;

const maxPickle = 64 * 1024 * 1024;

/** @throws {Error} naming the opcode, name or position that is not taken */
export function runPickle(bytes: Uint8Array, hooks: Hooks): Value {
  if (bytes.length > maxPickle) throw new Error(`its pickle has ${bytes.length} bytes; expected at most ${maxPickle}`);
  return new Machine(bytes, hooks).run();
}

class Machine {
  private readonly view: DataView;
  private readonly stack: Slot[] = [];
  private readonly memo = new Map<number, Value>();
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly hooks: Hooks,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): Value {
    for (;;) {
      const opcode = this.take(1)[0] ?? 0;
      if (opcode === 0x2e) return this.pop();
      this.step(opcode);
    }
  }

  // One table reads better whole: an opcode a line, as in pickletools.
  private step(opcode: number): void {
    switch (opcode) {
      case 0x80: // PROTO
        this.take(1);
        return;
      case 0x95: // FRAME
        this.take(8);
        return;
      case 0x7d: // EMPTY_DICT
        return this.push(new Map());
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return this.push([]);
      case 0x28: // MARK
        this.stack.push(mark);
        return;
      case 0x4e: // NONE
        return this.push(null);
      case 0x88: // NEWTRUE
        return this.push(true);
      case 0x89: // NEWFALSE
        return this.push(false);
      case 0x4b: // BININT1
        return this.push(this.take(1)[0] ?? 0);
      case 0x4d: // BININT2
        return this.push(this.number(2, (at) => this.view.getUint16(at, true)));
      case 0x4a: // BININT
        return this.push(this.number(4, (at) => this.view.getInt32(at, true)));
      case 0x8a: // LONG1
        return this.push(this.long(this.take(1)[0] ?? 0));
      case 0x47: // BINFLOAT
        return this.push(this.number(8, (at) => this.view.getFloat64(at, false)));
      case 0x58: // BINUNICODE
        return this.push(this.text(this.number(4, (at) => this.view.getUint32(at, true))));
      case 0x8c: // SHORT_BINUNICODE
        return this.push(this.text(this.take(1)[0] ?? 0));
      case 0x63: // GLOBAL
        return this.push(this.global(`${this.line()}.${this.line()}`));
      case 0x93: // STACK_GLOBAL
        return this.stackGlobal();
      case 0x85: // TUPLE1
        return this.tuple(1);
      case 0x86: // TUPLE2
        return this.tuple(2);
      case 0x87: // TUPLE3
        return this.tuple(3);
      case 0x74: // TUPLE
        return this.push(this.popToMark());
      case 0x61: // APPEND
        return this.append([this.pop()]);
      case 0x65: // APPENDS
        return this.append(this.popToMark());
      case 0x73: // SETITEM
        return this.setItems(this.popMany(2));
      case 0x75: // SETITEMS
        return this.setItems(this.popToMark());
      case 0x71: // BINPUT
        return this.remember(this.take(1)[0] ?? 0);
      case 0x72: // LONG_BINPUT
        return this.remember(this.number(4, (at) => this.view.getUint32(at, true)));
      case 0x94: // MEMOIZE
        return this.remember(this.memo.size);
      case 0x68: // BINGET
        return this.recall(this.take(1)[0] ?? 0);
      case 0x6a: // LONG_BINGET
        return this.recall(this.number(4, (at) => this.view.getUint32(at, true)));
      case 0x51: // BINPERSID
        return this.push(this.hooks.persistent(this.pop()));
      case 0x52: // REDUCE
        return this.reduce();
      case 0x62: // BUILD: torch sets `_metadata` on the OrderedDict by it; that is dropped.
        this.pop();
        return;
      default:
        throw new Error(
          `its pickle has the opcode 0x${opcode.toString(16)} at byte ${this.at - 1}, which a state dict does not need`,
        );
    }
  }

  private take(count: number): Uint8Array {
    const end = this.at + count;
    if (end > this.bytes.length)
      throw new Error(`its pickle ends at byte ${this.bytes.length} in the middle of an instruction`);
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  private number(size: number, read: (at: number) => number): number {
    const at = this.at;
    this.take(size);
    return read(at);
  }

  /** Little-endian two's complement. */
  private long(size: number): number {
    const digits = [...this.take(size)];
    const negative = (digits.at(-1) ?? 0) >= 0x80;
    let value = 0n;
    for (const digit of digits.toReversed()) value = (value << 8n) | BigInt(digit);
    return Number(negative ? value - (1n << BigInt(8 * size)) : value);
  }

  private text(length: number): string {
    return Buffer.from(this.take(length)).toString('utf8');
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new Error('its pickle has a name without an end');
    const line = this.text(end - this.at);
    this.at = end + 1;
    return line;
  }

  private global(given: string): Global {
    // Protocol 2 writes the module's name of Python 2.
    const name = given.replace(/^__builtin__\./, 'builtins.');
    if (!this.hooks.isAllowed(name)) {
      throw new Error(
        `its pickle names ${name}, which is not one of the names that a state dict needs; nothing was run`,
      );
    }
    return new Global(name);
  }

  private stackGlobal(): void {
    const [module, name] = this.popMany(2);
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new Error('its pickle has a name that is no text');
    this.push(this.global(`${module}.${name}`));
  }

  private push(value: Value): void {
    this.stack.push(value);
  }

  private pop(): Value {
    const value = this.stack.pop();
    if (value === undefined || value === mark)
      throw new Error(`its pickle takes from an empty stack at byte ${this.at}`);
    return value;
  }

  private popMany(count: number): readonly Value[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  private popToMark(): Value[] {
    const from = this.stack.lastIndexOf(mark);
    if (from < 0) throw new Error(`its pickle lacks a mark at byte ${this.at}`);
    const values = this.stack.splice(from).slice(1);
    return values.filter((value): value is Value => value !== mark);
  }

  private tuple(size: number): void {
    this.push(this.popMany(size));
  }

  private append(values: readonly Value[]): void {
    const list = this.pop();
    if (!Array.isArray(list)) throw new Error('its pickle appends to what is no list');
    for (const value of values) list.push(value);
    this.push(list);
  }

  private setItems(items: readonly Value[]): void {
    const target = this.pop();
    if (!(target instanceof Map)) throw new Error('its pickle sets an item of what is no dictionary');
    for (let i = 0; i + 1 < items.length; i += 2) target.set(items[i] ?? null, items[i + 1] ?? null);
    this.push(target);
  }

  private remember(slot: number): void {
    const value = this.pop();
    this.memo.set(slot, value);
    this.push(value);
  }

  private recall(slot: number): void {
    const value = this.memo.get(slot);
    if (value === undefined) throw new Error(`its pickle refers to memo ${slot}, which was never set`);
    this.push(value);
  }

  private reduce(): void {
    const [callee, args] = this.popMany(2);
    if (!(callee instanceof Global) || !Array.isArray(args)) throw new Error('its pickle calls what is no name');
    this.push(this.hooks.call(callee.name, args as readonly Value[]));
  }
}
