import { useState } from 'preact/hooks';
import type { Place, PlaceTerm, Region } from '../place';
import type { CellActions } from '../search/cell';
import { Grid } from '../search/grid';
import { useKey } from '../shared/keys';
import { mayGiveUp } from '../shared/unsaved';
import { Strip } from '../shared/thumbnail-strip';
import { useWhere, WhereButton } from '../shared/where';
import { text } from '../text';
import { FigureEditor } from './figure-editor';
import { FigureWords } from './figure-words';
import { kindsOf } from './kinds-of';
import { useMasks } from './mask-layers';
import { MaskOverlays, MaskPanel } from './masks';
import { usePanelDrafts } from './panel-drafts';
import { PanelBoxes, PanelEditor } from './panel-editor';
import { PanelOutlines } from './panel-outlines';
import type { FigureDetail } from './queries';
import { firstRegion, RegionLayer, RegionTools } from './region-search';
import { Reused } from './reused';
import { Stage } from './stage';

/** What is done with the figure: looked at, searched by a part, or its panels or words edited. */
export type Mode = 'view' | 'region' | 'panels' | 'words';

export interface FigureDetailProps {
  readonly figure: FigureDetail;
  /** What was searched for; may be empty. */
  readonly text: string;
  readonly onOpen: (figureId: string) => void;
  readonly onUse: (terms: readonly PlaceTerm[]) => void;
  readonly onSearch: (place: Place) => void;
  readonly actions: CellActions;
  readonly mode: Mode;
  readonly onMode: (mode: Mode) => void;
  /** Something of the figure was changed on the server. */
  readonly onChanged: () => void;
}

export function FigureDetailView(props: FigureDetailProps) {
  const { figure, onOpen, actions } = props;
  return (
    <>
      <div class="detail">
        <Picture {...props} />
      </div>
      {figure.duplicates.length > 0 && (
        <>
          <h2>{text.figure.samePicture}</h2>
          <Strip figures={figure.duplicates} onOpen={onOpen} />
        </>
      )}
      <Reused key={figure.id} figure={figure} onOpen={onOpen} />
      <h2>{text.figure.similar}</h2>
      <Grid hits={figure.similar.nodes} name={`similar ${figure.id}`} actions={actions} />
    </>
  );
}

/** The image with what lies over it, its tools, and the words beside it. */
function Picture(props: FigureDetailProps) {
  const { figure, mode, onMode, onUse, onChanged } = props;
  const where = useWhere(figure.heatmapUrl ?? null);
  const masks = useMasks(figure.id, figure.masks);
  const [region, setRegion] = useState<Region>(firstRegion);
  const [panelId, setPanelId] = useState<string | null>(null);
  const panels = figure.panels.slice(1);
  const editing = usePanelDrafts(figure, mode === 'panels');
  const toggle = (other: Mode) => (): void => {
    if (mayGiveUp()) onMode(mode === other ? 'view' : other);
  };
  const leave = (): void => {
    onMode('view');
  };
  const searchRegion = (): void => {
    onUse([{ kind: 'figure', value: figure.id, weight: 1, region }]);
  };
  const saved = (): void => {
    leave();
    onChanged();
  };
  useKey('e', toggle('words'));
  useKey('r', toggle('region'));
  useKey('p', toggle('panels'));
  return (
    <>
      <div class="picture">
        <Stage
          width={figure.width}
          height={figure.height}
          isDrawing={mode === 'region' || mode === 'panels'}
          tools={
            <ModeButtons
              mode={mode}
              onRegion={toggle('region')}
              onPanels={toggle('panels')}
              where={where.canShow && <WhereButton where={where}>{text.figure.whereIs(props.text)}</WhereButton>}
            />
          }
        >
          <img
            src={figure.imageUrl}
            alt={figure.alt ?? figure.caption}
            width={figure.width}
            height={figure.height}
            draggable={false}
          />
          {where.overlay}
          <MaskOverlays masks={masks} figure={figure} />
          {(mode === 'view' || mode === 'words') && (
            <PanelOutlines figure={figure} panels={panels} selectedId={panelId} onSelect={setPanelId} />
          )}
          {mode === 'panels' && <PanelBoxes editing={editing} />}
          {mode === 'region' && <RegionLayer region={region} onChange={setRegion} onSearch={searchRegion} />}
        </Stage>
        {mode === 'region' && <RegionTools onSearch={searchRegion} onCancel={leave} />}
        <MaskPanel
          masks={masks}
          about={[figure.caption, figure.alt, ...figure.labels].join(' ')}
          kinds={kindsOf(figure)}
          onUse={(maskId) => {
            onUse([{ kind: 'mask', value: maskId, weight: 1 }]);
          }}
        />
      </div>
      {mode === 'panels' && <PanelEditor figure={figure} editing={editing} onSaved={saved} onCancel={leave} />}
      {mode === 'words' && <FigureEditor figure={figure} onSaved={saved} onCancel={leave} />}
      {(mode === 'view' || mode === 'region') && (
        <FigureWords
          {...props}
          selectedPanelId={panelId}
          onSelectPanel={setPanelId}
          onEdit={() => {
            onMode('words');
          }}
        />
      )}
    </>
  );
}

interface ModeButtonsProps {
  readonly mode: Mode;
  readonly onRegion: () => void;
  readonly onPanels: () => void;
  readonly where: preact.ComponentChildren;
}

function ModeButtons({ mode, onRegion, onPanels, where }: ModeButtonsProps) {
  return (
    <>
      <button type="button" aria-pressed={mode === 'region'} title={text.figure.regionTitle} onClick={onRegion}>
        {text.figure.regionButton}
      </button>
      <button type="button" aria-pressed={mode === 'panels'} title={text.figure.panelsTitle} onClick={onPanels}>
        {text.figure.panelsButton}
      </button>
      {where}
    </>
  );
}
