import { useEffect, useRef, useState } from 'preact/hooks';
import { captionOf, imageAddress, sourceOf } from '../shared/figure-text';
import { FigureLink } from '../shared/place-link';
import { atlasText } from './atlas-text';
import { atlasFigures, type AtlasFigure } from './queries';
import type { Point, Size } from './view-box';

/** A figure of the map that is pointed at, with its place on the screen. */
export interface HoveredFigure extends Point {
  readonly row: number;
  readonly id: string;
}

interface FigureCardProps {
  readonly figure: HoveredFigure;
  readonly frame: Size;
  readonly onOpen: (figureId: string) => void;
}

const cardWidth = 232;
const cardHeight = 236;
const offset = 14;
/** A pointer that passes over many figures asks for none of them. */
const delayMs = 60;
const maxKept = 500;

/** The figure under the pointer: its picture and the beginning of its caption. */
export function FigureCard({ figure, frame, onOpen }: FigureCardProps) {
  const shown = useFigure(figure.id);
  const isLeft = figure.x + offset + cardWidth > frame.width;
  const isAbove = figure.y + offset + cardHeight > frame.height;
  const style = {
    width: cardWidth,
    left: Math.max(0, isLeft ? figure.x - offset - cardWidth : figure.x + offset),
    ...(isAbove ? { bottom: Math.max(0, frame.height - figure.y + offset) } : { top: figure.y + offset }),
  };
  return (
    <div class="atlas-card" style={style}>
      <img src={imageAddress(figure.id, 320)} alt="" width={cardWidth} height={150} />
      <p class="atlas-card-text">{shown === null ? '' : nameOf(shown)}</p>
      <p class="quiet">{shown === null ? '\u00a0' : sourceOf(shown)}</p>
      <FigureLink class="button atlas-card-open" figureId={figure.id} onOpen={onOpen}>
        {atlasText.open}
      </FigureLink>
    </div>
  );
}

/** What the figure shows, in words. */
export function nameOf(figure: AtlasFigure): string {
  return captionOf(figure) || atlasText.untitled;
}

function useFigure(id: string): AtlasFigure | null {
  const kept = useRef(new Map<string, AtlasFigure>());
  const [, setLoaded] = useState('');
  useEffect(() => {
    if (kept.current.has(id)) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      atlasFigures([id], abort.signal).then(
        ([found]) => {
          if (found === undefined) return;
          if (kept.current.size >= maxKept) kept.current.clear();
          kept.current.set(id, found);
          setLoaded(id);
        },
        // The picture is shown all the same.
        () => undefined,
      );
    }, delayMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id]);
  return kept.current.get(id) ?? null;
}
