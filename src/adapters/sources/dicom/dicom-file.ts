import { inflateRawSync } from 'node:zlib';
import dicomParser, { type DataSet } from 'dicom-parser';
import { damaged, reasonOf } from './dicom-faults.js';
import {
  deflatedLittleEndian,
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
} from './transfer-syntaxes.js';

/** A data set is inflated to no more than this. */
const maxInflated = 512 * 1024 * 1024;
const preamble = 128;

export interface DicomFile {
  readonly data: DataSet;
  /** UID of the transfer syntax; guessed from the bytes where the file names none. */
  readonly syntax: string;
  readonly isBigEndian: boolean;
}

/**
 * Whether bytes begin as a DICOM file does: `DICM` after a preamble of 128 bytes (PS3.10, section 7.1), or without one an
 * element of group 2 or 8 with a known value representation or a short length.
 * @param start the first bytes of a file; 140 are enough
 */
export function startsDicom(start: Uint8Array): boolean {
  return hasMark(start) || beginsDataSet(start);
}

/**
 * Parses a DICOM file, also one without preamble or without file meta information.
 * @throws {FigseekError} BAD_USER_INPUT for a file that is truncated or no DICOM file
 */
export function parseDicomFile(bytes: Uint8Array): DicomFile {
  if (!startsDicom(bytes)) throw damaged('expected “DICM” after 128 bytes, or a data set of DICOM');
  const { syntax: named, end } = readMeta(bytes, hasMark(bytes) ? preamble + 4 : 0);
  const syntax = named ?? guessSyntax(bytes.subarray(end));
  const isDeflated = syntax === deflatedLittleEndian;
  const content = isDeflated ? inflate(bytes.subarray(end)) : bytes.subarray(end);
  const data = parse(content, isDeflated ? explicitLittleEndian : syntax);
  return { data, syntax, isBigEndian: syntax === explicitBigEndian };
}

function hasMark(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(preamble, preamble + 4)).toString('latin1') === 'DICM';
}

function beginsDataSet(bytes: Uint8Array): boolean {
  const [group = 0, groupHigh = 0, , elementHigh = 1] = bytes;
  if ((group !== 2 && group !== 8) || groupHigh !== 0 || elementHigh > 0x11 || bytes.length < 12) return false;
  const length = (bytes[4] ?? 0) + 256 * (bytes[5] ?? 0);
  const isShort = bytes[6] === 0 && bytes[7] === 0 && length <= 256 && length % 2 === 0;
  return hasRepresentation(bytes) || isShort;
}

/** Value representations of PS3.5, table 6.2-1, in the place of the first element. */
function hasRepresentation(bytes: Uint8Array): boolean {
  return /^(?:A[EST]|CS|D[AST]|F[DL]|IS|L[OT]|O[BDFLVW]|PN|S[HLQSTV]|TM|U[CILNRSTV])$/.test(
    Buffer.from(bytes.subarray(4, 6)).toString('latin1'),
  );
}

/** The transfer syntax that group 2 names, and where the data set begins. */
function readMeta(bytes: Uint8Array, start: number): { readonly syntax: string | null; readonly end: number } {
  // The parser makes no stream at the end of the bytes.
  if (start >= bytes.length) throw damaged('it ends after its preamble');
  const stream = new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, start);
  let syntax: string | null = null;
  try {
    while (stream.position + 8 <= bytes.length) {
      const [group, groupHigh] = [bytes[stream.position], bytes[stream.position + 1]];
      if (group !== 2 || groupHigh !== 0) break;
      const { tag, dataOffset, length } = dicomParser.readDicomElementExplicit(stream);
      if (tag === 'x00020010') syntax = dicomParser.readFixedString(bytes, dataOffset, length).trim();
    }
  } catch (error) {
    throw damaged(reasonOf(error));
  }
  return { syntax: syntax === '' ? null : syntax, end: stream.position };
}

function guessSyntax(content: Uint8Array): string {
  if (!hasRepresentation(content)) return implicitLittleEndian;
  return content[0] === 0 ? explicitBigEndian : explicitLittleEndian;
}

function inflate(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: maxInflated });
  } catch (error) {
    throw damaged(`its data set cannot be inflated: ${reasonOf(error)}`);
  }
}

function parse(content: Uint8Array, syntax: string): DataSet {
  try {
    return dicomParser.parseDicom(content, { TransferSyntaxUID: syntax });
  } catch (error) {
    // What follows the pixels may be cut off or of another kind: what was read before stands.
    const read = readBefore(error);
    if (read !== null) return read;
    throw damaged(reasonOf(error));
  }
}

function readBefore(error: unknown): DataSet | null {
  if (typeof error !== 'object' || error === null || !('dataSet' in error)) return null;
  const data = error.dataSet as DataSet;
  return 'x7fe00010' in data.elements ? data : null;
}
