/** By how files of each kind begin; a full stop is any byte. */
const beginnings: readonly (readonly [pattern: RegExp, extension: string])[] = [
  [/^\x89PNG/, 'png'],
  [/^\xff\xd8\xff/, 'jpg'],
  [/^(?:II[*+]\0|MM\0[*+])/, 'tif'],
  [/^GIF8/, 'gif'],
  [/^RIFF[^]{4}WEBP/, 'webp'],
  [/^[^]{4}ftypavi[fs]/, 'avif'],
];

/** The usual ending of an image file's name, `img` where its kind is not known. @param start its first bytes, 12 at least */
export function imageExtension(start: Uint8Array): string {
  const text = Buffer.from(start).toString('latin1');
  return beginnings.find(([pattern]) => pattern.test(text))?.[1] ?? 'img';
}
