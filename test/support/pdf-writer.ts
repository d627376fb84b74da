import { deflateSync } from 'node:zlib';

/** An image object of a made-up PDF: raw pixels, or a JPEG as it is. */
export interface PdfImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly form?: 'rgb' | 'gray' | 'bits' | 'jpeg';
}

export interface PdfPage {
  /** Operators of its content, as `textAt` and `imageAt` write them. */
  readonly content: readonly string[];
  readonly images?: Readonly<Record<string, PdfImage>>;
  readonly rotate?: number;
}

/** Width and height of each page, in points. */
const pageSize = [600, 800] as const;

/** A line of text. @param y of its baseline, from the foot of the page @param size in points */
export function textAt(x: number, y: number, text: string, size = 9): string {
  return `BT /F1 ${size} Tf ${x} ${y} Td (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`;
}

/** Lines of text, the first one at `y`. */
export function linesAt(x: number, y: number, lines: readonly string[], size = 9): string {
  return lines.map((line, i) => textAt(x, y - 1.2 * size * i, line, size)).join('\n');
}

/** An image in a box, from its lower left corner. */
export function imageAt(name: string, x: number, y: number, width: number, height: number): string {
  return `q ${width} 0 0 ${height} ${x} ${y} cm /${name} Do Q`;
}

/** A PDF of pages with one font (Helvetica), made by hand. */
export function writePdf(pages: readonly PdfPage[], { info = '', encrypt = '' } = {}): Buffer {
  const objects: (Buffer | null)[] = [null, null, object('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>')];
  const add = (content: Buffer): number => objects.push(content);
  const numbers = pages.map(({ content, images = {}, rotate = 0 }) => {
    const named = Object.entries(images).map(([name, image]) => `/${name} ${add(imageObject(image))} 0 R`);
    const stream = add(streamObject('', Buffer.from(content.join('\n'), 'latin1')));
    const resources = `<< /Font << /F1 3 0 R >> /XObject << ${named.join(' ')} >> >>`;
    const box = `[0 0 ${pageSize.join(' ')}]`;
    return add(
      object(
        `<< /Type /Page /Parent 2 0 R /MediaBox ${box} /Rotate ${rotate} /Resources ${resources} /Contents ${stream} 0 R >>`,
      ),
    );
  });
  objects[0] = object('<< /Type /Catalog /Pages 2 0 R >>');
  const kids = numbers.map((number) => `${number} 0 R`).join(' ');
  objects[1] = object(`<< /Type /Pages /Count ${numbers.length} /Kids [${kids}] >>`);
  const infoNumber = add(object(`<< ${info} >>`));
  const trailer = `/Root 1 0 R /Info ${infoNumber} 0 R /ID [(0123456789abcdef) (0123456789abcdef)] ${encrypt}`;
  return join(
    objects.map((content) => content ?? Buffer.alloc(0)),
    trailer,
  );
}

function join(objects: readonly Buffer[], trailer: string): Buffer {
  const parts = [Buffer.from('%PDF-1.7\n')];
  let length = parts[0]?.length ?? 0;
  const offsets = objects.map((content, i) => {
    const start = length;
    const part = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), content, Buffer.from('\nendobj\n')]);
    parts.push(part);
    length += part.length;
    return start;
  });
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${lines}trailer\n<< /Size ${size} ${trailer} >>\n`;
  return Buffer.concat([...parts, Buffer.from(`${table}startxref\n${length}\n%%EOF\n`)]);
}

function object(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function streamObject(entries: string, bytes: Uint8Array): Buffer {
  const head = Buffer.from(`<< ${entries} /Length ${bytes.length} >>\nstream\n`);
  return Buffer.concat([head, bytes, Buffer.from('\nendstream')]);
}

function imageObject({ width, height, data, form = 'rgb' }: PdfImage): Buffer {
  const space = form === 'rgb' || form === 'jpeg' ? '/DeviceRGB' : '/DeviceGray';
  const filter = form === 'jpeg' ? '/DCTDecode' : '/FlateDecode';
  const size = `/Width ${width} /Height ${height} /ColorSpace ${space} /BitsPerComponent ${form === 'bits' ? 1 : 8}`;
  return streamObject(
    `/Type /XObject /Subtype /Image ${size} /Filter ${filter}`,
    form === 'jpeg' ? data : deflateSync(data),
  );
}
