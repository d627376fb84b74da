import { FigseekError } from '../../domain/errors.js';
import type { FileSourceParts } from './file-source.js';
import type { FigureScreen } from './jats/figure-screen.js';

/** The file or folder that was named as a source. */
export interface SourceFile {
  readonly path: string;
  readonly isFolder: boolean;
}

/** A form in which figures lie on a disk. */
export interface SourceKind {
  /** Whether its figures can be screened by what their article says of them. */
  readonly isScreened?: boolean;

  /** Whether `--format auto` takes the file or folder for one of this kind, by what lies there. */
  fits(file: SourceFile): Promise<boolean>;

  /** @throws {FigseekError} BAD_USER_INPUT for what is of another kind */
  open(file: SourceFile, screen: FigureScreen): Promise<FileSourceParts>;
}

/** @param expected what the kind would be @returns BAD_USER_INPUT */
export function unfit(format: string, file: string, expected: string): FigseekError {
  return new FigseekError('BAD_USER_INPUT', `The format ${format} does not fit ${file}: ${expected}`);
}

/** @throws {FigseekError} BAD_USER_INPUT where it is the other one of file and folder */
export function expectFolder(format: string, { path, isFolder }: SourceFile, expected: boolean): void {
  if (isFolder === expected) return;
  const what = isFolder ? 'a folder' : 'a file';
  throw new FigseekError('BAD_USER_INPUT', `The format ${format} does not fit: ${path} is ${what}`);
}
