import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { detectEncoding } from '../../../domain/decode-text.js';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import { startsAs } from '../file-start.js';
import { readArticle, unreadParts, type JatsArticle } from './read-article.js';
import { XmlTreeBuilder } from './xml-tree.js';

/** The longest articles have some ten million characters. */
const maxBytes = 128 * 1024 * 1024;
/** As much of a file tells whether it is an article. */
export const lookedAt = 64 * 1024;

/** Whether the beginning of a file is that of an article in JATS or NLM XML, also in the envelope of OAI-PMH. */
export function startsArticle(start: Uint8Array): boolean {
  const { encoding, markLength } = detectEncoding(start);
  const text = new TextDecoder(encoding).decode(start.subarray(markLength));
  const isXml = /^\s*(?:<\?xml|<!DOCTYPE|<!--|<\w)/i.test(text);
  return (
    isXml &&
    /<(?:\w+:)?article[\s>]/.test(text) &&
    /<(?:\w+:)?(?:front|journal-meta|article-meta)\b|(?:JATS|NLM)\/\/DTD/.test(text)
  );
}

/** Whether a file holds an article; false for one that cannot be read. */
export function isArticleFile(file: string): Promise<boolean> {
  return startsAs(file, lookedAt, startsArticle);
}

/** @throws {FigseekError} BAD_USER_INPUT or PAYLOAD_TOO_LARGE: what is wrong with the file */
export function readArticleFile(file: string): Promise<JatsArticle> {
  return readArticleStream(createReadStream(file) as AsyncIterable<Uint8Array>);
}

/** Reads an article that comes in pieces, in the encoding that its first bytes name. @throws {FigseekError} */
export async function readArticleStream(chunks: AsyncIterable<Uint8Array>): Promise<JatsArticle> {
  const builder = new XmlTreeBuilder(unreadParts);
  let decoder: TextDecoder | null = null;
  let bytes = 0;
  for await (const chunk of chunks) {
    decoder ??= decoderOf(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) throw new FigseekError('PAYLOAD_TOO_LARGE', `The article has more than ${maxBytes} bytes`);
    builder.write(decode(decoder, chunk, true));
  }
  if (decoder !== null) builder.write(decode(decoder, new Uint8Array(0), false));
  return readArticle(builder.close());
}

/** By the byte order mark, else by the XML declaration, else UTF-8. */
function decoderOf(start: Uint8Array): TextDecoder {
  const { encoding, markLength } = detectEncoding(start);
  const head = new TextDecoder('latin1').decode(start.subarray(0, 200));
  const declared = markLength > 0 ? undefined : /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1];
  try {
    // A declaration that can be read byte by byte does not stand in UTF-16, whatever it says: such files are in UTF-8.
    const isMislabeled = declared !== undefined && /^(?:utf-?16|ucs-?2)/i.test(declared);
    return new TextDecoder(isMislabeled ? encoding : (declared ?? encoding), { fatal: true });
  } catch {
    throw new FigseekError(
      'BAD_USER_INPUT',
      `The XML says that it is written in ${declared ?? encoding}, which is not known`,
    );
  }
}

function decode(decoder: TextDecoder, chunk: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(chunk, { stream });
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `The XML is not written in ${decoder.encoding}: ${messageOf(error)}`);
  }
}
