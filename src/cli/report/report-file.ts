import { readFileSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../app/config.js';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { printNote } from '../output.js';
import type { ReportFacts } from './known-item-report.js';

/** A file that a report is written to. */
export interface ReportFile {
  readonly write: (render: (facts: ReportFacts) => string) => Promise<void>;
}

/**
 * Makes sure that the file can be written, before the long work whose result it is to hold.
 * @param command makes the same report again
 * @throws {FigseekError} BAD_USER_INPUT where it cannot be written
 */
export async function openReport(file: string, command: string): Promise<ReportFile> {
  // Nothing is written yet: what stands there is kept until the report is made.
  const opened = await open(file, 'a').catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `The report cannot be written: ${messageOf(error)}`);
  });
  await opened.close();
  const { version } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return {
    write: async (render) => {
      await writeFile(file, render({ command, version }));
      printNote(`The report stands in ${path.resolve(file)}`);
    },
  };
}
