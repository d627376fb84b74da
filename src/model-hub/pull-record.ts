import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { FigseekError, messageOf, systemCodeOf } from '../domain/errors.js';
import { issuesInWords } from '../domain/issues.js';
import type { LicenseAcceptance } from '../model-packages/package-manifest.js';
import { hashFile } from '../platform/file-hash.js';
import { stripControlCharacters } from './control-characters.js';
import type { PullPlan } from './pull-plan.js';

const schema = z.object({
  model: z.string(),
  source: stripControlCharacters,
  license: stripControlCharacters,
  files: z.array(
    z.object({
      name: z.string(),
      bytes: z.number().int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      repository: z.string(),
      commit: z.string(),
    }),
  ),
});

/** `pull.json`: what was pulled, for a machine that cannot ask the hub. */
export type PullRecord = Readonly<z.infer<typeof schema>>;
type PulledFile = PullRecord['files'][number];

function recordOf(folder: string): string {
  return path.join(folder, 'pull.json');
}

/** Written when all files are there and are those of the hub. */
export async function writePullRecord(folder: string, plan: PullPlan, consent: LicenseAcceptance): Promise<void> {
  const files: PulledFile[] = [];
  for (const { name, bytes, hash, repository, commit } of plan.files) {
    const sha256 = hash.kind === 'sha256' ? hash.hex : await hashFile(path.join(folder, name), 'sha256');
    files.push({ name, bytes, sha256, repository, commit });
  }
  const { model, source, license } = plan;
  const record = { model: model.name, source, license, consent, files };
  await writeFile(`${recordOf(folder)}.new`, `${JSON.stringify(record, null, 2)}\n`, { flush: true });
  await rename(`${recordOf(folder)}.new`, recordOf(folder));
}

/**
 * @returns null where the folder has none
 * @throws {FigseekError} BAD_USER_INPUT where it is damaged, or of another model
 */
export async function readPullRecord(folder: string, model: string): Promise<PullRecord | null> {
  const file = recordOf(folder);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const record = parse(text, file);
  if (record.model === model) return record;
  throw new FigseekError('BAD_USER_INPUT', `The folder ${folder} holds ${JSON.stringify(record.model)}, not ${model}`);
}

function parse(text: string, file: string): PullRecord {
  const refused = (reason: string): FigseekError =>
    new FigseekError(
      'BAD_USER_INPUT',
      `${file} is no record of a pull (${reason}): carry the folder again, or delete that file to go without a check`,
    );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refused(messageOf(error));
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw refused(issuesInWords(parsed.error.issues.slice(0, 1)));
  return parsed.data;
}

/** @throws {FigseekError} BAD_USER_INPUT naming the file that is not the one that was pulled */
export async function checkAgainst(record: PullRecord, folder: string, name: string): Promise<void> {
  const file = path.join(folder, name);
  const told = record.files.find((one) => one.name === name);
  if (told === undefined) {
    throw new FigseekError('BAD_USER_INPUT', `${file} is not in pull.json, and would be imported: delete it`);
  }
  const { size } = await stat(file);
  const found = size === told.bytes ? await hashFile(file, 'sha256') : null;
  if (found === told.sha256) return;
  const differs =
    found === null
      ? `has ${size} bytes, pull.json says ${told.bytes}`
      : `has the sha256 ${found.slice(0, 16)}…, pull.json says ${told.sha256.slice(0, 16)}…`;
  throw new FigseekError('BAD_USER_INPUT', `${file} is not the file that was pulled (it ${differs}): carry it again`);
}
