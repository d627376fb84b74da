import { crc32 } from 'node:zlib';
import { valuesOf, type PlacedTensor } from './rule-weights.js';

/** What stands where each pickle of a state dict begins: `OrderedDict()`, kept as the first of the memo. */
const opening = Buffer.from('ccollections\nOrderedDict\nq\0)R', 'latin1');

/** As long: `posix.system("true")`, its answer dropped, then an empty dictionary. Python would run it. */
const call = Buffer.from('cposix\nsystem\nX\x04\0\0\0true\x85R0}q\0', 'latin1');

/** The file with a call of a program where its dictionary was made. */
export function addForbiddenCall(file: Buffer): Buffer {
  return replaceBytes(file, opening, call);
}

/** The file with one text replaced by another of the same length, wherever it stands. */
export function replaceText(file: Buffer, from: string, to: string): Buffer {
  return replaceBytes(file, Buffer.from(from, 'latin1'), Buffer.from(to, 'latin1'));
}

/** The file with a bit of a tensor changed, as a bad disk or line does. */
export function flipBit(file: Buffer, { at }: PlacedTensor): Buffer {
  const damaged = Buffer.from(file);
  damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
  return damaged;
}

/** The file with the first value of a tensor replaced, and the checksum in the zip's directory with it. */
export function replaceFirstValue(file: Buffer, tensor: PlacedTensor, value: number): Buffer {
  const values = Buffer.from(valuesOf(tensor).buffer);
  const before = checksumOf(values);
  const changed = Buffer.from(file);
  changed.writeFloatLE(value, tensor.at);
  values.writeFloatLE(value, 0);
  const directory = file.indexOf('PK\x01\x02', 0, 'latin1');
  const at = file.indexOf(before, directory);
  checksumOf(values).copy(changed, at);
  return changed;
}

function checksumOf(bytes: Buffer): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(bytes));
  return checksum;
}

function replaceBytes(file: Buffer, from: Buffer, to: Buffer): Buffer {
  if (from.length !== to.length) throw new Error(`Expected ${from.length} bytes but received ${to.length}`);
  const changed = Buffer.from(file);
  let found = 0;
  for (let at = file.indexOf(from); at >= 0; at = file.indexOf(from, at + from.length)) {
    to.copy(changed, at);
    found += 1;
  }
  if (found === 0) throw new Error(`The file lacks ${from.toString('latin1')}`);
  return changed;
}
