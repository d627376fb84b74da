import type { DataSet } from 'dicom-parser';

/** The first value of a text; null where it is absent or empty. */
export function textOf(data: DataSet, tag: string): string | null {
  if (lengthOf(data, tag) === 0) return null;
  const [first = ''] = (data.string(tag) ?? '').split('\\');
  const text = first.split('\0').join('').trim();
  return text === '' ? null : text;
}

/** All values of a text (VR CS). */
export function textsOf(data: DataSet, tag: string): readonly string[] {
  if (lengthOf(data, tag) === 0) return [];
  return (data.string(tag) ?? '').split('\\').map((text) => text.split('\0').join('').trim());
}

/** Decimal texts (VR DS, IS); what is no number is left out. */
export function decimalsOf(data: DataSet, tag: string): readonly number[] {
  return textsOf(data, tag)
    .map((text) => Number.parseFloat(text))
    .filter((value) => Number.isFinite(value));
}

/** An unsigned number of 16 bits (VR US). */
export function shortOf(data: DataSet, tag: string): number | null {
  return lengthOf(data, tag) < 2 ? null : (data.uint16(tag) ?? null);
}

/** An unsigned number of 32 bits (VR UL). */
export function longOf(data: DataSet, tag: string): number | null {
  return lengthOf(data, tag) < 4 ? null : (data.uint32(tag) ?? null);
}

/** A floating-point number of 64 bits (VR FD). */
export function doubleOf(data: DataSet, tag: string): number | null {
  return lengthOf(data, tag) < 8 ? null : (data.double(tag) ?? null);
}

/** Numbers of 16 bits (VR US, SS, OW), in the byte order of the file. */
export function shortsOf(data: DataSet, tag: string, isSigned = false): readonly number[] {
  const count = Math.floor(lengthOf(data, tag) / 2);
  return Array.from({ length: count }, (_, at) => (isSigned ? data.int16(tag, at) : data.uint16(tag, at)) ?? 0);
}

/** The bytes of an element; null where it is absent. */
export function bytesOf(data: DataSet, tag: string): Uint8Array | null {
  const element = data.elements[tag];
  if (element === undefined || lengthOf(data, tag) === 0) return null;
  return data.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
}

/** The items of a sequence; none where it is absent or of another kind. */
export function itemsOf(data: DataSet, tag: string): readonly DataSet[] {
  return (data.elements[tag]?.items ?? []).flatMap(({ dataSet }) => (dataSet === undefined ? [] : [dataSet]));
}

/** The first item of a sequence. */
export function itemOf(data: DataSet, tag: string): DataSet | null {
  return itemsOf(data, tag)[0] ?? null;
}

/**
 * The item of a macro that holds for a frame: of its own functional groups, else of the shared ones (PS3.3 C.7.6.16).
 * @param frame from 0
 */
export function groupOf(data: DataSet, frame: number, tag: string): DataSet | null {
  const own = itemsOf(data, 'x52009230')[frame];
  const shared = itemOf(data, 'x52009229');
  return (own && itemOf(own, tag)) ?? (shared && itemOf(shared, tag));
}

function lengthOf(data: DataSet, tag: string): number {
  const length = data.elements[tag]?.length ?? 0;
  return length > 0 && length < 0xffffffff ? length : 0;
}
