import type { QueryRunner } from 'typeorm';
import type { Panel } from '../../domain/figure.js';
import type { FigureWrite } from '../../domain/figure-write.js';
import type { PanelId } from '../../domain/ids.js';
import { insertEmbedding } from './embedding-store.js';

/** Panels with their vectors and signatures. @param figure its number @param first number of the first panel: 0 is the whole figure */
export async function insertPanels(
  runner: QueryRunner,
  figure: number,
  { panels, embeddings, signatures }: Pick<FigureWrite, 'panels' | 'embeddings' | 'signatures'>,
  first: 0 | 1,
): Promise<void> {
  for (const [place, panel] of panels.entries()) {
    await insertPanel(runner, panel, first + place);
    await insertPicture(runner, { panelId: panel.id, figure, isWhole: first + place === 0 }, signatures?.get(panel.id));
  }
  for (const embedding of embeddings) await insertEmbedding(runner, embedding);
}

/** A panel as a picture: it waits for its signature, or for being compared with others. */
async function insertPicture(
  runner: QueryRunner,
  { panelId, figure, isWhole }: { readonly panelId: PanelId; readonly figure: number; readonly isWhole: boolean },
  signature: Uint8Array | undefined,
): Promise<void> {
  await runner.query(
    `INSERT INTO picture (panel_seq, figure_seq, is_whole, state, signature) SELECT seq, ?, ?, ?, ? FROM panel WHERE id = ?`,
    [
      figure,
      isWhole ? 1 : 0,
      signature === undefined ? 0 : 1,
      signature === undefined ? null : Buffer.from(signature),
      panelId,
    ],
  );
}

async function insertPanel(runner: QueryRunner, panel: Panel, ordinal: number): Promise<void> {
  await runner.query(
    `INSERT INTO panel (id, figure_id, ordinal, label, caption, x, y, width, height) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      panel.id,
      panel.figureId,
      ordinal,
      panel.label,
      panel.caption,
      panel.box.x,
      panel.box.y,
      panel.box.width,
      panel.box.height,
    ],
  );
}
