import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Database } from '../../src/adapters/sqlite/database.js';
import { packageRoot } from '../../src/app/config.js';
import type { Box } from '../../src/domain/figure.js';
import { figureIdOf } from '../../src/domain/ids.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { bytesToVector } from '../../src/domain/vector.js';
import { encodePng } from '../../src/imaging/encode.js';
import { drawingOf } from './compound-figure.js';
import { newPlace, run, startServer, type Place, type Server } from './figseek-process.js';
import { askServer } from './mask-server.js';
import { panelFigure, panelFigures, panelOf, recordOf, writeImages, type PanelFigure } from './panel-figures.js';
import { twoModels } from './two-models.js';

/** Figures of one to nine panels. */
export const drawn = panelFigures(9);
/** A figure for masks: one of its panels is of a kind that the starter segmenter knows. */
export const chest = panelFigure('chest', [
  { caption: 'A blood smear.', drawing: drawingOf('blood smear') },
  { caption: 'A chest radiograph.', drawing: drawingOf('chest radiograph') },
]);
export const figures = [...drawn, chest];
const parts = figures.flatMap(({ panels }) => panels);
/** Number of all panels; each whole figure counts as one, too. */
export const allPanels = parts.length + figures.length;

/** What `figseek ingest --json` prints. */
export interface PanelReport {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly faults: readonly { readonly sourceKey: string; readonly code: string; readonly message: string }[];
}

export interface PanelHit {
  readonly figure: { readonly id: string };
  readonly panel: { readonly id: string; readonly label: string | null };
  readonly snippet: string | null;
}

/** A mask, as GraphQL gives it. */
export interface PanelMask {
  readonly id: string;
  readonly status: string;
  readonly areaPixels: number;
  readonly boxes: readonly Box[];
  readonly panel: { readonly id: string };
}

/** Writes records to a file and ingests it. */
export async function ingestRecords(
  place: Place,
  file: string,
  records: readonly object[],
  env: Record<string, string> = {},
): Promise<PanelReport> {
  writeFileSync(file, records.map((record) => JSON.stringify(record)).join('\n'));
  const { stdout, stderr } = await run(place, ['ingest', file, '--json'], env);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as PanelReport;
}

/** Reads rows of the database of a place. */
export async function query<Row>(
  { data }: Place,
  sql: string,
  values: readonly string[] = [],
): Promise<readonly Row[]> {
  const database = await Database.open(data);
  try {
    return await database.reader.query<Row[]>(sql, [...values]);
  } finally {
    await database.close();
  }
}

/** Image vectors of a model version (a LIKE pattern), by the id of their panel. */
export async function imageVectors(place: Place, space = '%'): Promise<ReadonlyMap<string, Float32Array>> {
  const rows = await query<{ panel: string; vector: Buffer }>(
    place,
    `SELECT panel_id AS panel, vector FROM embedding WHERE kind = 'IMAGE' AND space LIKE ?`,
    [space],
  );
  return new Map(rows.map(({ panel, vector }) => [panel, bytesToVector(vector)]));
}

export async function countRows(place: Place, table: 'panel' | 'embedding', figure: PanelFigure): Promise<number> {
  const [row] = await query<{ count: number }>(
    place,
    table === 'panel'
      ? `SELECT COUNT(*) AS count FROM panel WHERE figure_id = ?`
      : `SELECT COUNT(*) AS count FROM embedding WHERE panel_id LIKE ? || '%'`,
    [table === 'panel' ? figureIdOf(figure.id) : panelOf(figure, 0).slice(0, -1)],
  );
  return row?.count ?? 0;
}

/** A server over the drawn figures, with two encoders and the starter segmenter. */
export class PanelServer {
  private constructor(
    readonly place: Place,
    readonly env: Record<string, string>,
    /** The records; the images of the figures are beside it. */
    readonly file: string,
    private server: Server,
  ) {}

  static async start(): Promise<PanelServer> {
    const [place, env, segmenter] = [newPlace(), twoModels(), 'starter-segmenter'];
    const models = env['FIGSEEK_MODELS'] ?? '';
    cpSync(path.join(packageRoot, 'models', segmenter), path.join(models, segmenter), { recursive: true });
    const file = path.join(await writeImages(figures), 'figures.jsonl');
    const { added, faults } = await ingestRecords(place, file, figures.map(recordOf), env);
    if (added !== figures.length || faults.length > 0) throw new Error(JSON.stringify(faults));
    return new PanelServer(place, env, file, await startServer(place, { ...env, FIGSEEK_SAMPLES: 'never' }));
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  async restart(): Promise<void> {
    await this.stop();
    this.server = await startServer(this.place, { ...this.env, FIGSEEK_SAMPLES: 'never' });
  }

  async ask<Data>(text: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await askServer<Data>(this.server, text, variables);
    if (data === undefined || errors !== undefined) throw new Error(errors?.[0]?.message ?? 'no data');
    return data;
  }

  async find(input: object, filter: object | null = null, first = 1): Promise<readonly PanelHit[]> {
    const { searchFigures } = await this.ask<{ searchFigures: { nodes: readonly PanelHit[] } }>(
      `query ($query: SearchInput!, $filter: FigureFilter, $first: Int!) {
        searchFigures(query: $query, filter: $filter, first: $first) {
          nodes { figure { id } panel { id label } snippet } } }`,
      { query: input, filter, first },
    );
    return searchFigures.nodes;
  }

  async findByImage(drawing: RawImage, filter: object | null = null): Promise<PanelHit | undefined> {
    const base64 = (await encodePng(drawing)).toString('base64');
    const [hit] = await this.find({ image: { base64 }, channels: ['IMAGE'], collapseDuplicates: false }, filter);
    return hit;
  }

  async askMask(figure: PanelFigure, prompt: string, panelId: string | null = null): Promise<PanelMask> {
    const { figure: asked } = await this.ask<{ figure: { mask: PanelMask } }>(
      `query ($id: ID!, $prompt: String!, $panelId: ID) { figure(id: $id) {
        mask(prompt: $prompt, panelId: $panelId, waitMs: 120000) {
          id status areaPixels boxes { x y width height } panel { id } } } }`,
      { id: figureIdOf(figure.id), prompt, panelId },
    );
    return asked.mask;
  }

  async masksOf(figure: PanelFigure): Promise<readonly string[]> {
    const asked = await this.ask<{ figure: { masks: readonly { panel: { id: string } }[] } }>(
      `query ($id: ID!) { figure(id: $id) { masks { panel { id } } } }`,
      { id: figureIdOf(figure.id) },
    );
    return asked.figure.masks.map(({ panel }) => panel.id);
  }

  async stats(): Promise<object> {
    return (await this.ask<{ stats: object }>('{ stats { figures panels indexedPanels masks } }')).stats;
  }
}
