import { FigseekError, messageOf } from '../../../domain/errors.js';

/** @returns what is wrong with a PDF, with a code; pdf.js throws all kinds of errors on damaged files */
export function toPdfFault(error: unknown): FigseekError {
  if (error instanceof FigseekError) return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') {
    const advice = 'save a copy without a password';
    return new FigseekError('UNSUPPORTED_MEDIA', `The PDF is encrypted and asks for a password; ${advice}`);
  }
  return damagedPdf(error);
}

export function damagedPdf(error: unknown): FigseekError {
  return new FigseekError('BAD_USER_INPUT', `The PDF is damaged and cannot be read: ${messageOf(error)}`);
}
