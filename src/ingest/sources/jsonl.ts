import { createReadStream } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../domain/errors.js';
import { recordSchema, type SourceItem } from '../record.js';
import { readImageFile, sizeOfImage } from './image-file.js';
import { boundedLines } from './lines.js';

const longestLine = 10_000_000;
const newline = 0x0a;

/** One figure a line; image paths are relative to the file and may not leave its folder. A bad line is a fault. */
export async function* readJsonl(file: string): AsyncGenerator<SourceItem> {
  const folder = path.dirname(path.resolve(file));
  const chunks = createReadStream(file) as AsyncIterable<Buffer>;
  let number = 0;
  for await (const { bytes, length } of boundedLines(chunks, longestLine)) {
    number += 1;
    const lineKey = `line ${number}`;
    if (bytes === null) {
      yield fault(lineKey, `The line is ${length} bytes long; expected at most ${longestLine}`);
      continue;
    }
    const line = bytes.toString('utf8');
    if (line.trim() !== '') yield toItem(line, lineKey, folder);
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

async function toItem(line: string, lineKey: string, folder: string): Promise<SourceItem> {
  let value: unknown;
  try {
    value = JSON.parse(line.replace(/^\uFEFF/, ''));
  } catch (error) {
    return fault(lineKey, `The line is not JSON: ${messageOf(error)}`);
  }
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) return fault(keyOf(value) ?? lineKey, z.prettifyError(parsed.error));
  const record = parsed.data;
  const size = await sizeOfImage(folder, record.image);
  return { kind: 'record', record, size, readImage: () => readImageFile(folder, record.image) };
}

function keyOf(value: unknown): string | null {
  const parsed = z.object({ id: z.string().min(1).max(500) }).safeParse(value);
  return parsed.success ? parsed.data.id : null;
}

function fault(sourceKey: string, message: string): SourceItem {
  return { kind: 'fault', sourceKey, code: 'BAD_RECORD', message };
}
