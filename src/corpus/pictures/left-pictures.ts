import { FigseekError, messageOf, type ErrorCode } from '../../domain/errors.js';

/** So many failures in a row end a run: the folder of images may not be mounted. */
const mostInARow = 16;
const ofTheImage: ReadonlySet<ErrorCode> = new Set(['UNSUPPORTED_MEDIA', 'PAYLOAD_TOO_LARGE', 'BAD_USER_INPUT']);
const ofTheRun: ReadonlySet<ErrorCode> = new Set(['MODEL_UNAVAILABLE', 'DATABASE_UNAVAILABLE', 'INSUFFICIENT_STORAGE']);

/** Whether an image file is at fault: it will not be read another time either. */
export function isOfTheImage(error: unknown): boolean {
  return error instanceof FigseekError && ofTheImage.has(error.code);
}

/** Pictures that a run leaves waiting because of an error that may be gone another time. */
export class LeftPictures {
  private errors: Error[] = [];
  private inARow = 0;

  /** @throws the first error, where no other picture will fare better */
  leave(error: unknown): void {
    this.errors.push(error instanceof Error ? error : new Error(messageOf(error)));
    this.inARow += 1;
    if (error instanceof FigseekError && ofTheRun.has(error.code)) throw error;
    if (this.inARow >= mostInARow) this.throwFirst();
  }

  /** A picture was done. */
  goOn(): void {
    this.inARow = 0;
  }

  /** @throws the first error, if there was one */
  throwFirst(): void {
    const [first] = this.errors;
    if (first !== undefined) throw first;
  }
}
