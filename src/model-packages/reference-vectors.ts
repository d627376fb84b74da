import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z, ZodError } from 'zod';
import { FigseekError, messageOf, systemCodeOf } from '../domain/errors.js';
import { issuesInWords } from '../domain/issues.js';

const vector = z.array(z.number());

const schema = z.strictObject({
  format: z.literal(1),
  /** The version of the package that gave the vectors. */
  version: z.string(),
  images: z.array(vector),
  texts: z.array(vector),
});

/** The unit vectors that a package gave of the golden inputs when it was first verified. */
export type ReferenceVectors = Readonly<z.infer<typeof schema>>;

/**
 * @returns null where a package of this version kept none
 * @throws {FigseekError} MODEL_UNAVAILABLE where the file is damaged
 */
export async function readReferenceVectors(folder: string, version: string): Promise<ReferenceVectors | null> {
  const file = path.join(folder, 'golden.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    const golden = schema.parse(JSON.parse(text));
    return golden.version === version ? golden : null;
  } catch (error) {
    const reason = error instanceof ZodError ? issuesInWords(error.issues.slice(0, 1)) : messageOf(error);
    const fix = 'delete it; the next “npx figseek models verify” keeps the vectors anew';
    throw new FigseekError('MODEL_UNAVAILABLE', `The file ${file} is damaged (${reason}): ${fix}`);
  }
}

/** @returns false where the folder takes no files, as that of an installation may */
export async function writeReferenceVectors(folder: string, golden: ReferenceVectors): Promise<boolean> {
  const file = path.join(folder, 'golden.json');
  const shorter = (_key: string, value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toPrecision(7)) : value;
  try {
    await writeFile(`${file}.part`, `${JSON.stringify(golden, shorter)}\n`, { flush: true });
    await rename(`${file}.part`, file);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(systemCodeOf(error) ?? '')) return false;
    throw error;
  }
}
