import type { FigureEdits } from '../domain/figure-edit.js';
import type { IngestRecord } from '../domain/figure-record.js';
import type { PanelOrigin, PanelSuggestion } from '../domain/found-panel.js';
import type { ValueRange } from '../domain/value-range.js';
import type { FigureId, ImageHash } from '../domain/ids.js';
import type { PanelPredictor } from '../ports/panel-predictor.js';

/** A record whose image was read and hashed. */
export interface ReadRecord {
  readonly record: IngestRecord;
  readonly bytes: Uint8Array;
  readonly imageHash: ImageHash;
  readonly recordHash: string;
  /** How panels are looked for; null: the record has those that it names. */
  readonly splitBy: PanelSearch | null;
}

/** How an ingest finds panels of figures whose records name none. */
export interface PanelFinding {
  /** Null: by the letters of the caption and the bands of the image. */
  readonly detector: PanelPredictor | null;
}

/** The same for one figure. */
interface PanelSearch extends PanelFinding {
  readonly caption: string;
}

/** Under what a record is stored. */
export interface RecordIdentity {
  readonly id: FigureId;
  /** Name of the source that it belongs to. */
  readonly source: string;
}

/** A record whose image was decoded: all but its vectors. Its panels are those that are stored. */
export interface PreparedRecord extends ReadRecord {
  readonly identity: RecordIdentity;
  readonly panelOrigin: PanelOrigin | null;
  readonly panelSuggestion: PanelSuggestion | null;
  /** When a person corrected the panels; null where nobody did. */
  readonly correctedAt: number | null;
  readonly isCorrectionDropped: boolean;
  /** What people changed of the figure; null where nobody did. */
  readonly edits: FigureEdits | null;
  readonly width: number;
  readonly height: number;
  readonly isTransposed: boolean;
  readonly range: ValueRange | null;
  /** Pages or frames in the file; the first one is taken. */
  readonly pages: number;
  /** uint8 [size, size, 3] for each panel, ready for the model: the whole figure, then the panels of the record */
  readonly parts: readonly Uint8Array[];
  /** Of each panel, in the same order. */
  readonly signatures: readonly Uint8Array[];
}
