import { FigseekError, messageOf } from '../domain/errors.js';

const readable = 'JPEG, PNG, TIFF, WebP, GIF or AVIF';

/** An intact file that is not read. @param what names it, as “a 12-bit JPEG” */
export function unsupported(what: string, todo = 'convert it to an 8-bit PNG'): FigseekError {
  return new FigseekError('UNSUPPORTED_MEDIA', `Expected ${readable} but received ${what}; ${todo}`);
}

export function damaged(format: string, reason: string): FigseekError {
  return new FigseekError('BAD_USER_INPUT', `The ${format} file is damaged: ${reason}; export it again`);
}

export function firstLineOf(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? '';
}
