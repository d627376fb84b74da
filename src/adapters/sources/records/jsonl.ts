import { createReadStream } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { decodeText } from '../../../domain/decode-text.js';
import { messageOf } from '../../../domain/errors.js';
import { issuesInWords } from '../../../domain/issues.js';
import { recordSchema, type SourceItem } from '../../../domain/figure-record.js';
import { findUnknownKeys } from '../../../domain/record-keys.js';
import { readImageFile, sizeOfImage } from '../image-file.js';
import { readWholeJson, recordFileKind } from './json-records.js';
import { boundedLines } from './lines.js';
import { faultItem } from '../source-items.js';
import { recordDialects, type DialectRecord, type RecordDialect } from './record-dialects.js';

const maxLineLength = 10_000_000;
const newline = 0x0a;

/**
 * The form in which a file of records is written, by its first value; null for figseek's own.
 * @throws {FigseekError} as `readJsonl`
 */
export async function detectDialect(file: string): Promise<RecordDialect | null> {
  for await (const one of readJsonValues(file))
    if (one.kind === 'value')
      return isOwn(one.value) ? null : (recordDialects.find(({ fits }) => fits(one.value)) ?? null);
  return null;
}

/**
 * One figure a line, or a JSON array of figures; image paths are relative to the file and may not leave its folder. A bad
 * line is a fault.
 * @param dialect null for records as docs/ingest.md describes them
 * @throws {FigseekError} BAD_USER_INPUT for a file that is another thing as a whole
 */
export async function* readJsonl(file: string, dialect: RecordDialect | null = null): AsyncGenerator<SourceItem> {
  const folder = path.dirname(path.resolve(file));
  for await (const one of readJsonValues(file)) {
    if (one.kind === 'fault') yield faultItem(one.lineKey, one.message);
    else if (dialect === null || isOwn(one.value)) yield toItem(one.value, one.lineKey, folder);
    else if (dialect.fits(one.value)) {
      for (const given of dialect.records(one.value)) yield toForeignItem(given, one.lineKey, folder);
    } else
      yield faultItem(
        one.lineKey,
        `Expected an object as ${dialect.name} has it, as the first one is (--format jsonl reads figseek's own form)`,
      );
  }
}

/** A value of a file of records, or what is wrong with its line. */
export type JsonValue =
  | { readonly kind: 'value'; readonly lineKey: string; readonly value: unknown }
  | { readonly kind: 'fault'; readonly lineKey: string; readonly message: string };

/** What stands on each line, or in the array, whatever it is. @throws {FigseekError} as `readJsonl` */
export async function* readJsonValues(file: string): AsyncGenerator<JsonValue> {
  const kind = await recordFileKind(file);
  if (kind.kind === 'whole') {
    for (const [index, value] of (await readWholeJson(file)).entries()) {
      yield { kind: 'value', lineKey: `item ${index + 1}`, value };
    }
    return;
  }
  let number = 0;
  for await (const { bytes, length } of boundedLines(utf8Chunks(file, kind.encoding), maxLineLength)) {
    number += 1;
    const lineKey = `line ${number}`;
    if (bytes === null) {
      yield {
        ...{ kind: 'fault', lineKey },
        message: `The line is ${length} bytes long; expected at most ${maxLineLength}`,
      };
      continue;
    }
    const line = parseLine(bytes);
    if (line.kind !== 'blank') yield { ...line, lineKey };
  }
}

/** The file's bytes, as UTF-8 where they are in another encoding. */
async function* utf8Chunks(file: string, encoding: string): AsyncGenerator<Buffer> {
  const chunks = createReadStream(file) as AsyncIterable<Buffer>;
  if (encoding === 'utf-8') {
    yield* chunks;
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

type Line =
  | { readonly kind: 'blank' }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'fault'; readonly message: string };

function parseLine(bytes: Buffer): Line {
  try {
    const text = decodeText(bytes).trim();
    return text === '' ? { kind: 'blank' } : { kind: 'value', value: JSON.parse(text) };
  } catch (error) {
    const message = messageOf(error);
    return { kind: 'fault', message: error instanceof SyntaxError ? `The line is not JSON: ${message}` : message };
  }
}

/** Lines of a file: one fast pass over its bytes (1 GB takes about a second). */
export async function countLines(file: string): Promise<number> {
  let count = 0;
  let last = newline;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) count += 1;
    last = chunk.at(-1) ?? last;
  }
  return last === newline ? count : count + 1;
}

/** Whether a value is a record as docs/ingest.md describes it. */
function isOwn(value: unknown): boolean {
  return recordSchema.safeParse(value).success;
}

/** A record of another form; its image is looked for where that form keeps images. */
async function toForeignItem({ record, images }: DialectRecord, lineKey: string, folder: string): Promise<SourceItem> {
  const [usual = ''] = images;
  let image = usual;
  for (const place of images) {
    if ((await sizeOfImage(folder, place)) === 0) continue;
    image = place;
    break;
  }
  const item = await toItem({ ...record, image }, lineKey, folder);
  return item.kind === 'record' ? { ...item, unknownKeys: [] } : item;
}

async function toItem(value: unknown, lineKey: string, folder: string): Promise<SourceItem> {
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) return faultItem(keyOf(value) ?? lineKey, issuesInWords(parsed.error.issues));
  const record = parsed.data;
  const size = await sizeOfImage(folder, record.image);
  const unknownKeys = findUnknownKeys(value);
  return { kind: 'record', record, size, readImage: () => readImageFile(folder, record.image), unknownKeys };
}

function keyOf(value: unknown): string | null {
  const parsed = z.object({ id: z.string().min(1).max(500) }).safeParse(value);
  return parsed.success ? parsed.data.id : null;
}
