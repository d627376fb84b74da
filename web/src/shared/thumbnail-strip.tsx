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
}

/** Some figures in a row, small. */
export function Strip({ figures, onOpen }: StripProps) {
  return (
    <ul class="strip">
      {figures.map((figure) => (
        <li key={figure.id}>
          <button
            type="button"
            class="cell"
            onClick={() => {
              onOpen(figure.id);
            }}
          >
            <img
              src={figure.imageUrl}
              alt={figure.caption === '' ? figure.labels.join(', ') : figure.caption}
              height={110}
              width={Math.round(110 * Math.min(3, Math.max(0.5, figure.width / figure.height)))}
              loading="lazy"
            />
          </button>
        </li>
      ))}
    </ul>
  );
}
