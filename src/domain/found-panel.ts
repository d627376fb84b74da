import type { Box } from './box.js';

/** Who said which panels a figure has: its record, rules that look for empty bands, a detector, or a person. */
export type PanelOrigin = 'RECORD' | FoundBy | 'PERSON';

/** What finds panels where no record names them. */
export type FoundBy = 'RULES' | 'DETECTOR';

/** A panel that was found in a compound figure, with what the caption says of it. */
export interface FoundPanel {
  readonly label: string;
  readonly caption: string;
  /** Pixels of the image, as it is shown. */
  readonly box: Box;
}

/** A split that does not agree with the caption: the figure stays whole until a person decides. */
export interface PanelSuggestion {
  readonly origin: FoundBy;
  /** In reading order; pixels of the image, as it is shown. */
  readonly boxes: readonly Box[];
  /** The parts of the caption, in its order: not as many as there are boxes. */
  readonly parts: readonly Omit<FoundPanel, 'box'>[];
}

/** What a search for panels gave: panels, or a suggestion, or neither. */
export interface PanelSplit {
  readonly origin: FoundBy;
  readonly panels: readonly FoundPanel[];
  readonly suggestion: PanelSuggestion | null;
}
