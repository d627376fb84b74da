export interface DicomImage {
  readonly jpeg: Uint8Array;
  readonly syntax?: string;
  readonly colors?: string;
  readonly bits?: number;
  readonly frames?: number;
}

/** A DICOM file with a JPEG in it, made by hand (PS3.5, annex A.4; PS3.10, section 7): as RSNA's radiographs are. */
export function writeDicom({ jpeg, syntax, colors, bits, frames }: DicomImage): Buffer {
  const meta = element(0x0002, 0x0010, 'UI', text(syntax ?? '1.2.840.10008.1.2.4.50', '\0'));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const header = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element(0x0002, 0x0000, 'UL', length), meta]);
  return Buffer.concat([
    header,
    element(0x0008, 0x0060, 'CS', text('CR', ' ')),
    element(0x0028, 0x0002, 'US', word(1)),
    element(0x0028, 0x0004, 'CS', text(colors ?? 'MONOCHROME2', ' ')),
    element(0x0028, 0x0008, 'IS', text(String(frames ?? 1), ' ')),
    element(0x0028, 0x0100, 'US', word(bits ?? 8)),
    encapsulated(jpeg),
  ]);
}

/** An empty offset table, the JPEG in two fragments, and the delimiter. */
function encapsulated(jpeg: Uint8Array): Buffer {
  const whole = jpeg.length % 2 === 0 ? Buffer.from(jpeg) : Buffer.concat([jpeg, Buffer.alloc(1)]);
  const cut = 2 * Math.floor(whole.length / 4);
  const start = Buffer.concat([tag(0x7fe0, 0x0010), Buffer.from('OB\0\0'), Buffer.from('ffffffff', 'hex')]);
  const items = [Buffer.alloc(0), whole.subarray(0, cut), whole.subarray(cut)].map((content) => item(0xe000, content));
  return Buffer.concat([start, ...items, item(0xe0dd, Buffer.alloc(0))]);
}

function item(number: number, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  return Buffer.concat([tag(0xfffe, number), length, content]);
}

function element(group: number, number: number, kind: string, value: Buffer): Buffer {
  return Buffer.concat([tag(group, number), Buffer.from(kind), word(value.length), value]);
}

function tag(group: number, number: number): Buffer {
  return Buffer.concat([word(group), word(number)]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** Texts have an even length. */
function text(value: string, pad: string): Buffer {
  return Buffer.from(value.length % 2 === 0 ? value : value + pad, 'latin1');
}
