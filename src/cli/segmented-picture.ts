import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FileBlobStore } from '../adapters/files/file-blob-store.js';
import type { Config } from '../app/config.js';
import { FigseekError, messageOf, systemCodeOf } from '../domain/errors.js';
import type { Panel, PixelSpacing } from '../domain/figure.js';
import { isWholeFigure } from '../domain/ids.js';
import { ActiveModel } from '../app/active-model.js';
import { Database } from '../adapters/sqlite/database.js';
import { FigureReader } from '../adapters/sqlite/figure-reader.js';
import { withApp } from '../app/command-context.js';
import { printNote } from './output.js';
import { advice } from '../app/advice.js';

interface Picture {
  /** A name for what is written of it. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly license: string | null;
  readonly pixelSpacing: PixelSpacing | null;
  /** Of a stored figure, the whole first; none of a file. */
  readonly panels: readonly Panel[];
}

/** What is looked for in one part of a picture. */
interface Part {
  /** Null for a file. */
  readonly panel: Panel | null;
  readonly prompts: readonly string[];
}

/** A file by its path, or a stored figure by its id. @throws {FigseekError} saying what is not there */
export async function pictureOf(given: string, config: Config): Promise<Picture> {
  if (!/^fig_[0-9a-f]{24}$/.test(given)) {
    const bytes = await readFile(given).catch((error: unknown) => {
      const what = systemCodeOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
      const expected = `an image file, or a figure’s id (fig_…, as “${advice('search TEXT --json', config.data)}” gives it)`;
      throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} but received ${given}: ${what}`);
    });
    return { file: path.basename(given), bytes, license: null, pixelSpacing: null, panels: [] };
  }
  const absent = new FigseekError('NOT_FOUND', `There is no figure ${given} in ${config.data}`);
  // To look makes nothing: without a database there is no figure.
  if (!Database.exists(config.data)) throw absent;
  const database = await Database.open(config.data);
  try {
    const reader = new FigureReader(database);
    const figure = await reader.figure(given);
    if (figure === null) throw absent;
    const bytes = await new FileBlobStore(path.join(config.data, 'images')).get(figure.imageHash);
    const { license, pixelSpacing } = figure;
    return { file: given, bytes, license, pixelSpacing, panels: await reader.panelsOfFigures([given]) };
  } finally {
    await database.close();
  }
}

/**
 * Where each prompt is looked for: in the wanted panel, else in the panel that fits it best. Prompts of one panel stand
 * together, as its picture is encoded once.
 * @param wanted a panel’s id; null for none
 * @throws {FigseekError} BAD_USER_INPUT for a panel that is not one of the picture’s
 */
export async function partsOf(
  { panels }: Picture,
  prompts: readonly string[],
  wanted: string | null,
  config: Config,
): Promise<readonly Part[]> {
  if (wanted !== null) return [{ panel: panelNamed(wanted, panels), prompts }];
  // The model that compares is started only where there is something to compare.
  if (panels.length <= 2) return [{ panel: panels.at(-1) ?? null, prompts }];
  const best = await bestPanels(panels, prompts, config);
  const parts = panels.map((panel) => ({ panel, prompts: prompts.filter((_, i) => best[i]?.id === panel.id) }));
  return parts.filter(({ prompts: some }) => some.length > 0);
}

/** As a server takes them, by the active model; where that is not installed, the first panel beside the whole figure. */
async function bestPanels(panels: readonly Panel[], prompts: readonly string[], config: Config) {
  try {
    return await withApp(config, (core) => core.get(ActiveModel).current.bestPanels.select(panels, prompts));
  } catch (error) {
    if (!(error instanceof FigseekError) || error.code !== 'MODEL_UNAVAILABLE') throw error;
    printNote(`The panels cannot be compared with the prompts, so the first one is taken: ${error.message}`);
    const first = panels.find(({ id }) => !isWholeFigure(id));
    return prompts.map(() => first);
  }
}

/** How a line for a person begins: “panel B, ” for a part of a figure. */
export function nameOf(panel: Panel | null): string {
  return panel === null || isWholeFigure(panel.id) ? '' : `panel ${panel.label ?? panel.id}, `;
}

function panelNamed(wanted: string, panels: readonly Panel[]): Panel {
  const panel = panels.find(({ id }) => id === wanted);
  if (panel !== undefined) return panel;
  const there = panels.map(({ id }) => id).join(', ') || 'none, as panels are parts of stored figures';
  throw new FigseekError('BAD_USER_INPUT', `--panel: expected one of the picture’s (${there}) but received ${wanted}`);
}
