import type { Region } from '../place';
import { text } from '../text';
import { DrawingLayer } from './drawing-layer';
import { EditableBox } from './editable-box';

interface RegionLayerProps {
  readonly region: Region;
  readonly onChange: (region: Region) => void;
  readonly onSearch: () => void;
}

/** The middle of the image: where a region begins that is chosen by keys. */
export const firstRegion: Region = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

/** The part of an image to search by: drawn, moved and resized by pointer or keys; Enter searches. */
export function RegionLayer({ region, onChange, onSearch }: RegionLayerProps) {
  return (
    <DrawingLayer onDraw={onChange}>
      <EditableBox box={region} label={text.figure.region} onChange={onChange} onAccept={onSearch} />
    </DrawingLayer>
  );
}

interface RegionToolsProps {
  readonly onSearch: () => void;
  readonly onCancel: () => void;
}

export function RegionTools({ onSearch, onCancel }: RegionToolsProps) {
  return (
    <p class="mode-bar" role="status">
      {text.figure.regionHint}{' '}
      <button type="button" class="primary" onClick={onSearch}>
        {text.figure.regionSearch}
      </button>{' '}
      <button type="button" onClick={onCancel}>
        {text.figure.cancel}
      </button>
    </p>
  );
}
