import { placeOf } from '../shared/place-of';
import { text } from '../text';
import type { FigureDetail } from './queries';

export type ShownPanel = FigureDetail['panels'][number];

interface PanelOutlinesProps {
  readonly figure: Pick<FigureDetail, 'width' | 'height'>;
  /** Without the whole figure. */
  readonly panels: readonly ShownPanel[];
  readonly selectedId: string | null;
  readonly onSelect: (panelId: string | null) => void;
}

/** The panels of a figure as outlines over it; a click selects one. */
export function PanelOutlines({ figure, panels, selectedId, onSelect }: PanelOutlinesProps) {
  return (
    <>
      {panels.map((panel, index) => (
        <button
          type="button"
          key={panel.id}
          class={panel.id === selectedId ? 'panel-outline selected' : 'panel-outline'}
          style={placeOf(panel.box, figure)}
          aria-pressed={panel.id === selectedId}
          aria-label={text.figure.panel(nameOf(panel, index))}
          onClick={() => {
            onSelect(panel.id === selectedId ? null : panel.id);
          }}
        >
          <span>{nameOf(panel, index)}</span>
        </button>
      ))}
    </>
  );
}

/** Its letter, else its number from 1. */
export function nameOf({ label }: Pick<ShownPanel, 'label'>, index: number): string {
  return label ?? String(index + 1);
}
