/** What a file is by its first bytes: to name what is refused. */

interface Kind {
  readonly name: string;
  /** Text (latin1) at an offset. */
  readonly at: number;
  readonly starts: readonly string[];
}

const kinds: readonly Kind[] = [
  { name: 'a JPEG 2000 image', at: 0, starts: ['\0\0\0\x0cjP  ', '\xff\x4f\xff\x51'] },
  { name: 'a JPEG XL image', at: 0, starts: ['\0\0\0\x0cJXL ', '\xff\x0a'] },
  { name: 'an AVIF image', at: 4, starts: ['ftypavif', 'ftypavis'] },
  { name: 'a HEIC image', at: 4, starts: ['ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1'] },
  { name: 'a video', at: 4, starts: ['ftyp', 'moov'] },
  { name: 'a video', at: 8, starts: ['AVI '] },
  { name: 'a JPEG XR image', at: 0, starts: ['II\xbc'] },
  { name: 'a BMP image', at: 0, starts: ['BM'] },
  { name: 'a Windows icon', at: 0, starts: ['\0\0\x01\0'] },
  { name: 'a PDF document', at: 0, starts: ['%PDF'] },
  { name: 'a PostScript file', at: 0, starts: ['%!PS', '\xc5\xd0\xd3\xc6'] },
  { name: 'a Photoshop document', at: 0, starts: ['8BPS'] },
  { name: 'an SVG drawing', at: 0, starts: ['<svg', '<?xml'] },
  { name: 'a web page', at: 0, starts: ['<!doctype', '<!DOCTYPE', '<html', '<HTML'] },
  { name: 'a DICOM file', at: 128, starts: ['DICM'] },
  { name: 'a Zeiss CZI file', at: 0, starts: ['ZISRAWFILE'] },
  { name: 'a Nikon ND2 file', at: 0, starts: ['\xda\xce\xbe\x0a'] },
  { name: 'a Leica LIF file', at: 0, starts: ['\x70\0\0\0'] },
  { name: 'an HDF5 file', at: 0, starts: ['\x89HDF'] },
  { name: 'a NIfTI file', at: 344, starts: ['n+1\0', 'ni1\0'] },
  { name: 'a FITS file', at: 0, starts: ['SIMPLE  ='] },
  { name: 'an MRC file', at: 208, starts: ['MAP '] },
  { name: 'an OpenEXR image', at: 0, starts: ['\x76\x2f\x31\x01'] },
  { name: 'a Radiance HDR image', at: 0, starts: ['#?RADIANCE', '#?RGBE'] },
  { name: 'a portable anymap (PNM)', at: 0, starts: ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7'] },
  { name: 'a compound file of Microsoft (old Office, or ZVI, OIB)', at: 0, starts: ['\xd0\xcf\x11\xe0'] },
  { name: 'a ZIP archive', at: 0, starts: ['PK\x03\x04', 'PK\x05\x06'] },
  { name: 'a gzip archive', at: 0, starts: ['\x1f\x8b'] },
  { name: 'a tar archive', at: 257, starts: ['ustar'] },
  { name: 'an xz archive', at: 0, starts: ['\xfd7zXZ'] },
  { name: 'a bzip2 archive', at: 0, starts: ['BZh'] },
  { name: 'a 7-Zip archive', at: 0, starts: ['7z\xbc\xaf'] },
  { name: 'a RAR archive', at: 0, starts: ['Rar!'] },
];

/** @returns “an AVIF image”, …; null for what is not known, and for the formats that are read */
export function detectFileKind(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  const found = kinds.find(({ at, starts }) => starts.some((text) => start.startsWith(text, at)));
  if (found !== undefined) return found.name;
  // White space and a byte order mark may stand before markup.
  if (/^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml)/.test(start)) return 'an SVG drawing';
  return /^[\t\n\r\x20-\x7e]+$/.test(start) ? 'a text file' : null;
}
