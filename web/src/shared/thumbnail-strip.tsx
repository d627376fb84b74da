import type { ComponentChildren } from 'preact';
import { captionOf } from './figure-text';
import { FigureLink } from './place-link';

interface SmallFigure {
  readonly id: string;
  readonly caption: string;
  readonly labels: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly imageUrl: string;
}

interface StripProps {
  readonly figures: readonly SmallFigure[];
  readonly onOpen: (figureId: string) => void;
  /** What stands below each figure. */
  readonly below?: (figureId: string) => ComponentChildren;
}

/** Height of the pictures in pixels, and the bounds of their width as a share of it. */
const plain = { height: 110, narrowest: 0.5, widest: 3 };
/** Where buttons stand below, pictures are larger, and wide enough for them. */
const withButtons = { height: 130, narrowest: 0.8, widest: 2 };

/** Some figures in a row, small. */
export function Strip({ figures, onOpen, below }: StripProps) {
  const { height, narrowest, widest } = below === undefined ? plain : withButtons;
  return (
    <ul class="strip">
      {figures.map((figure) => (
        <li key={figure.id}>
          <FigureLink class="cell" figureId={figure.id} onOpen={onOpen}>
            <img
              src={figure.imageUrl}
              alt={captionOf(figure)}
              height={height}
              width={Math.round(height * Math.min(widest, Math.max(narrowest, figure.width / figure.height)))}
              loading="lazy"
            />
          </FigureLink>
          {below?.(figure.id)}
        </li>
      ))}
    </ul>
  );
}
