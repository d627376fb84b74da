import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { decodeText } from '../../../domain/decode-text.js';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import { detectImageKind, stemOf } from '../file-name-kinds.js';

/** Names of the files that tell of an image, in its folder. */
export interface Sidecars {
  readonly caption: string | null;
  readonly fields: string | null;
}

/** No caption or record is longer: such a file tells of something else. */
const maxBytes = 10_000_000;

/**
 * Which files of a folder tell of which image: those of the same name but for what it ends on. A name in another Unicode
 * form or with other capitals (`FIG1.TXT` of `fig1.png`) tells of it where no file has the name itself.
 */
export class SidecarNames {
  private readonly byName: ReadonlySet<string>;
  private readonly byForm = new Map<string, string>();
  private readonly used = new Set<string>();

  /** @param names files of one folder */
  constructor(names: readonly string[]) {
    this.byName = new Set(names);
    // The first of several stays: the order of names is fixed.
    for (const name of names) if (!this.byForm.has(formOf(name))) this.byForm.set(formOf(name), name);
    for (const name of names.filter((one) => detectImageKind(one) === 'image')) {
      const { caption, fields } = this.of(name);
      for (const found of [caption, fields]) if (found !== null) this.used.add(found);
    }
  }

  of(image: string): Sidecars {
    const stem = stemOf(image);
    const find = (name: string) => (this.byName.has(name) ? name : (this.byForm.get(formOf(name)) ?? null));
    return { caption: find(`${stem}.txt`), fields: find(`${stem}.json`) };
  }

  isUsed(name: string): boolean {
    return this.used.has(name);
  }
}

function formOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/**
 * The fields that the files beside an image give.
 * @throws {FigseekError} BAD_USER_INPUT naming the file and what is wrong with it
 */
export async function readSidecars(folder: string, { caption, fields }: Sidecars): Promise<Record<string, unknown>> {
  const text = caption === null ? null : (await textOf(folder, caption)).trim();
  const given = fields === null ? {} : parseFields(fields, await textOf(folder, fields));
  return text === null ? given : { caption: text, ...given };
}

async function textOf(folder: string, name: string): Promise<string> {
  const file = path.join(folder, name);
  try {
    const { size } = await stat(file);
    if (size > maxBytes) throw new FigseekError('BAD_USER_INPUT', `${size} bytes; expected at most ${maxBytes}`);
    return decodeText(await readFile(file));
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `${name}: ${messageOf(error)}`);
  }
}

function parseFields(name: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `${name}: it is no JSON (${messageOf(error)})`);
  }
  if (isObject(value)) return value;
  const found = Array.isArray(value) ? 'an array' : typeof value;
  throw new FigseekError('BAD_USER_INPUT', `${name}: Expected a JSON object but received ${found}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
