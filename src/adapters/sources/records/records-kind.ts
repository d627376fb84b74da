import { stat } from 'node:fs/promises';
import { FigseekError } from '../../../domain/errors.js';
import { detectImageKind } from '../file-name-kinds.js';
import { expectFolder, type SourceKind } from '../source-kind.js';
import { recordFileKind } from './json-records.js';
import { countLines, detectDialect, readJsonl } from './jsonl.js';
import { recordDialects, type RecordDialect } from './record-dialects.js';

/** A file of records in JSON, by the form of its first one. */
export const recordsKind: SourceKind = recordsOf('jsonl', detectDialect);

/** A file of figseek's own records, or of those of a data set that its name tells. */
export function recordsKindOf(format: string): SourceKind {
  const dialect = recordDialects.find(({ name }) => name === format) ?? null;
  return recordsOf(format, () => Promise.resolve(dialect));
}

function recordsOf(format: string, dialectOf: (file: string) => Promise<RecordDialect | null>): SourceKind {
  return {
    fits: ({ isFolder }) => Promise.resolve(!isFolder),

    async open(file) {
      expectFolder(format, file, false);
      const { path } = file;
      // An empty file of records has no record; any other empty file lost its content.
      if (!/\.(?:jsonl|ndjson|json)$/i.test(path) && (await stat(path)).size === 0)
        throw new FigseekError(
          'BAD_USER_INPUT',
          `${path} is empty (0 bytes): perhaps it was not downloaded or copied completely`,
        );
      if (detectImageKind(path) !== null) {
        const expected = 'expected a JSON-lines file or a folder of images';
        throw new FigseekError('BAD_USER_INPUT', `${path} is a single image by its name; ${expected}`);
      }
      // What is no file of records is refused before a run begins.
      await recordFileKind(path);
      const dialect = await dialectOf(path);
      const isOfArticles = dialect !== null && dialect.name !== 'pmc-oa';
      return { isOfArticles, read: () => readJsonl(path, dialect), count: () => countLines(path) };
    },
  };
}
