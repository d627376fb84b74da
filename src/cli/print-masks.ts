import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GivenPicture } from '../app/segment-use-case.js';
import type { Panel } from '../domain/figure.js';
import { isWholeFigure } from '../domain/ids.js';
import type { Segmenter } from '../domain/segmenter.js';
import { buildCocoDocument, maskPng, maskShapes, toCocoMask, type CocoMask } from '../masks/export-masks.js';
import type { PlacedMask } from '../masks/segment-picture.js';
import { maskSentence } from './format-mask.js';
import { standardOutput, writeCoco } from './mask-targets.js';
import { printJson, printLine, printNote } from './output.js';

/** Where masks go besides a line for a person. */
export interface MaskTargets {
  /** Folder for the masks as PNG. */
  readonly out?: string | undefined;
  /** File for all masks as one COCO document; `-` for standard output. */
  readonly coco?: string | undefined;
  /** JSON lines instead of lines for a person. */
  readonly json?: boolean | undefined;
}

/** What was drawn on, as it was given, and by which model. */
interface Drawing {
  readonly given: string;
  readonly picture: GivenPicture;
  readonly model: Segmenter;
}

/** Prints and writes masks, one after the other as they come. */
export async function printMasks(
  { given, picture, model }: Drawing,
  masks: AsyncIterable<PlacedMask>,
  { out, coco, json }: MaskTargets,
): Promise<void> {
  if (model.warning !== null) printNote(`${model.name} (${model.license}): ${model.warning}`);
  // A COCO document on standard output stands there alone.
  const say = coco === standardOutput ? printNote : printLine;
  const collected: CocoMask[] = [];
  let number = 0;
  for await (const mask of masks) {
    number += 1;
    if (coco !== undefined) collected.push(toCocoMask(mask));
    const png = out === undefined ? null : await writeMask(out, picture.file, number, mask);
    if (json === true) printJson(jsonOf(given, mask, png));
    else say(`${nameOf(mask.panel)}${maskSentence(mask.onPanel, mask.knownTypes, png)}`);
  }
  if (coco !== undefined) await writeCoco(coco, buildCocoDocument(picture.file, picture, collected, model));
}

/** `NAME-2-left-lung.png` @returns the path */
async function writeMask(folder: string, file: string, number: number, mask: PlacedMask): Promise<string> {
  const words = mask.prompt
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 40);
  const target = path.join(folder, `${path.parse(file).name}-${number}-${words}.png`);
  await writeFile(target, await maskPng(mask));
  return target;
}

function jsonOf(input: string, mask: PlacedMask, png: string | null) {
  const { panel, prompt, found, pValue, similarity, query, areaPixels, areaMm2 } = mask;
  const numbers = { found, pValue, similarity, query, areaPixels, areaMm2 };
  return { input, panel: panel?.id ?? null, prompt, ...numbers, ...maskShapes(mask), png };
}

/** How a line for a person begins: “panel B, ” for a part of a figure. */
function nameOf(panel: Panel | null): string {
  return panel === null || isWholeFigure(panel.id) ? '' : `panel ${panel.label ?? panel.id}, `;
}
