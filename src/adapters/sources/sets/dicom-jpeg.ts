import dicomParser, { type DataSet } from 'dicom-parser';
import { damaged, reasonOf, refused } from '../dicom/dicom-faults.js';
import { nameOfSyntax } from '../dicom/transfer-syntaxes.js';

const tags = {
  syntax: 'x00020010',
  frames: 'x00280008',
  colors: 'x00280004',
  bits: 'x00280100',
  pixels: 'x7fe00010',
} as const;

const jpegBaseline = '1.2.840.10008.1.2.4.50';

/**
 * The JPEG in a DICOM file of 8 bits and one frame, as the radiographs of RSNA are published.
 * @returns the bytes of the JPEG
 * @throws {FigseekError} UNSUPPORTED_MEDIA for another transfer syntax, by its name, and for other pixels; BAD_USER_INPUT for a
 *   file that is truncated or no DICOM file
 */
export function jpegOfDicom(bytes: Uint8Array): Uint8Array {
  const data = parse(bytes);
  const syntax = data.string(tags.syntax) ?? 'none';
  if (syntax !== jpegBaseline) {
    throw refused(`expected the transfer syntax JPEG Baseline (${jpegBaseline}) but found ${nameOfSyntax(syntax)}`);
  }
  const [frames, bits] = [data.intString(tags.frames) ?? 1, data.uint16(tags.bits) ?? 0];
  if (frames !== 1 || bits !== 8) throw refused(`expected one frame of 8 bits but found ${frames} of ${bits}`);
  const colors = data.string(tags.colors) ?? 'none';
  // In MONOCHROME1 black is the greatest number: it would be read inverted.
  if (colors !== 'MONOCHROME2') throw refused(`expected the colors MONOCHROME2 but found ${colors}`);
  return jpegIn(data);
}

function jpegIn(data: DataSet): Uint8Array {
  const element = data.elements[tags.pixels];
  const fragments = element?.fragments ?? [];
  if (element === undefined || fragments.length === 0) throw damaged('it has no encapsulated pixels');
  try {
    const jpeg = dicomParser.readEncapsulatedPixelDataFromFragments(data, element, 0, fragments.length);
    return Uint8Array.from(jpeg);
  } catch (error) {
    throw damaged(reasonOf(error));
  }
}

function parse(bytes: Uint8Array): DataSet {
  let data: DataSet;
  try {
    data = dicomParser.parseDicom(bytes);
  } catch (error) {
    throw damaged(reasonOf(error));
  }
  // What is cut off within the pixels is only warned of.
  const [warning] = data.warnings;
  if (data.warnings.length > 0) throw damaged(warning ?? 'it is truncated');
  return data;
}
