/** A value of an element: a text, numbers of 16 bits, bytes as they are, or the items of a sequence. */
type DicomValue = string | readonly number[] | Buffer | { readonly items: readonly DicomElements[] };

/** Elements by tag, as '0028,0010'. */
export type DicomElements = Readonly<Record<string, DicomValue>>;

export interface DrawnDicom {
  readonly syntax?: string;
  /** Frames of encapsulated pixels, instead of the element 7fe0,0010. */
  readonly fragments?: readonly Buffer[];
  readonly hasPreamble?: boolean;
}

const explicitLittle = '1.2.840.10008.1.2.1';

/** A DICOM file in Explicit VR Little Endian, element by element (PS3.5, section 7.1; PS3.10, section 7). */
export function drawDicom(elements: DicomElements, { syntax, fragments, hasPreamble }: DrawnDicom = {}): Buffer {
  const meta = writeElement('0002,0010', Buffer.from(evenText(syntax ?? explicitLittle, '\0')), 'UI');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const start = hasPreamble === false ? [] : [Buffer.alloc(128), Buffer.from('DICM')];
  const content = [...start, writeElement('0002,0000', length, 'UL'), meta, writeElements(elements)];
  return Buffer.concat(fragments === undefined ? content : [...content, encapsulated(fragments)]);
}

/** Rows, columns and colors of an image of one sample and 8 bits; whatever is given stands in place of them. */
export function drawImage(elements: DicomElements, options: DrawnDicom = {}): Buffer {
  const image: DicomElements = {
    ...{ '0008,0018': '1.2.3.4.5', '0008,0060': 'CT', '0010,0010': 'Nobody^Known', '0010,0020': 'PATIENT-4711' },
    ...{ '0028,0002': [1], '0028,0004': 'MONOCHROME2', '0028,0010': [2], '0028,0011': [2] },
    ...{ '0028,0100': [8], '0028,0101': [8], '0028,0102': [7], '0028,0103': [0] },
  };
  return drawDicom({ ...image, ...elements }, options);
}

/** Numbers of 16 bits as bytes, negative ones as well. */
export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt16LE(value & 0xffff, 2 * at);
  return bytes;
}

/** Segments of literal bytes with the header of RLE Lossless (PS3.5, annex G). */
export function packRle(...segments: readonly (readonly number[])[]): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(segments.length);
  const packed = segments.map((segment) => Buffer.from([segment.length - 1, ...segment]));
  let at = 64;
  for (const [number, { length }] of packed.entries()) {
    header.writeUInt32LE(at, 4 * (number + 1));
    at += length;
  }
  const frame = Buffer.concat([header, ...packed]);
  return frame.length % 2 === 0 ? frame : Buffer.concat([frame, Buffer.alloc(1)]);
}

function writeElements(elements: DicomElements): Buffer {
  const inOrder = Object.entries(elements).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(inOrder.map(([tag, value]) => writeValue(tag, value)));
}

function writeValue(tag: string, value: DicomValue): Buffer {
  if (typeof value === 'string') return writeElement(tag, Buffer.from(evenText(value, ' '), 'latin1'), kindOf(tag));
  if (Buffer.isBuffer(value)) return writeElement(tag, value, 'OW');
  if ('items' in value) {
    return writeElement(tag, Buffer.concat(value.items.map((one) => item('fffe,e000', writeElements(one)))), 'SQ');
  }
  return writeElement(tag, words(...value), 'US');
}

function kindOf(tag: string): string {
  return /^(?:0028,10|0028,0030|0020,0037|0018,1164)/.test(tag) ? 'DS' : 'CS';
}

function writeElement(tag: string, given: Buffer, kind: string): Buffer {
  const value = given.length % 2 === 0 ? given : Buffer.concat([given, Buffer.alloc(1)]);
  const isLong = ['OW', 'OB', 'SQ', 'UN'].includes(kind);
  const length = Buffer.alloc(isLong ? 6 : 2);
  if (isLong) length.writeUInt32LE(value.length, 2);
  else length.writeUInt16LE(value.length);
  return Buffer.concat([tagBytes(tag), Buffer.from(kind), length, value]);
}

function encapsulated(fragments: readonly Buffer[]): Buffer {
  const start = Buffer.concat([tagBytes('7fe0,0010'), Buffer.from('OB\0\0'), Buffer.from('ffffffff', 'hex')]);
  const items = [Buffer.alloc(0), ...fragments].map((fragment) => item('fffe,e000', fragment));
  return Buffer.concat([start, ...items, item('fffe,e0dd', Buffer.alloc(0))]);
}

function item(tag: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  return Buffer.concat([tagBytes(tag), length, content]);
}

function tagBytes(tag: string): Buffer {
  return words(...tag.split(',').map((part) => Number.parseInt(part, 16)));
}

function evenText(text: string, pad: string): string {
  return text.length % 2 === 0 ? text : text + pad;
}
