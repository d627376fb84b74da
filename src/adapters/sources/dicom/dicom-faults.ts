import { FigseekError, messageOf } from '../../../domain/errors.js';

/** @returns BAD_USER_INPUT: the file is not whole, or not what it says */
export function damaged(reason: string): FigseekError {
  return new FigseekError('BAD_USER_INPUT', `The DICOM file is damaged or truncated: ${reason}`);
}

/** @returns UNSUPPORTED_MEDIA: the file may be whole, but figseek does not read its kind */
export function refused(reason: string): FigseekError {
  return new FigseekError('UNSUPPORTED_MEDIA', `The DICOM file cannot be read: ${reason}`);
}

/** @returns PAYLOAD_TOO_LARGE: refused by what the header says, before anything is decoded */
export function tooLarge(reason: string): FigseekError {
  return new FigseekError('PAYLOAD_TOO_LARGE', `The DICOM file is too large: ${reason}`);
}

/** The parser throws texts, errors, and objects that hold one; its messages name no values of the file. */
export function reasonOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'exception' in error) return messageOf(error.exception);
  return messageOf(error);
}
