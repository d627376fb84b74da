import { useEffect, useRef, useState } from 'preact/hooks';
import { imageAddress } from '../shared/figure-text';
import type { Size } from '../shared/place-of';
import { text } from '../text';
import type { FigureDetail, Reuse } from './queries';

interface ComparisonProps {
  readonly figure: FigureDetail;
  readonly match: Reuse;
}

/** The longer side of what is compared, in pixels of the screen. */
const side = 900;

/**
 * Two pictures side by side, then one over the other with a slider: the other one is turned and mirrored back, so that equal
 * parts lie on each other.
 */
export function Comparison({ figure, match }: ComparisonProps) {
  const [share, setShare] = useState(0.5);
  const { box, otherBox } = match;
  const scale = side / Math.max(box.width, box.height);
  const size = { width: Math.round(box.width * scale), height: Math.round(box.height * scale) };
  const own = { url: figure.imageUrl, box, figure };
  const other = {
    url: imageAddress(match.figure.id, 2048),
    box: otherBox,
    figure: match.figure,
  };
  return (
    <>
      <h2>{text.reused.compareTitle}</h2>
      <div class="side-by-side">
        <figure>
          <Crop {...own} size={size} changes={[]} />
          <figcaption>{text.reused.thisFigure}</figcaption>
        </figure>
        <figure>
          <Crop {...other} size={size} changes={match.changes} />
          <figcaption>{text.reused.otherFigure}</figcaption>
        </figure>
      </div>
      <div class="overlaid" style={{ aspectRatio: `${size.width} / ${size.height}` }}>
        <Crop {...own} size={size} changes={[]} />
        <span style={{ clipPath: `inset(0 0 0 ${100 * share}%)` }}>
          <Crop {...other} size={size} changes={match.changes} />
        </span>
      </div>
      <label>
        {text.reused.slider}{' '}
        <input
          type="range"
          min={0}
          max={1}
          step={0.01}
          value={share}
          onInput={(event) => {
            setShare(Number(event.currentTarget.value));
          }}
        />
      </label>
    </>
  );
}

interface CropProps {
  readonly url: string;
  /** The part that is shown, in pixels of the figure. */
  readonly box: Size & { readonly x: number; readonly y: number };
  readonly figure: Size;
  /** What it is drawn as, in pixels. */
  readonly size: Size;
  /** Those that are undone. */
  readonly changes: Reuse['changes'];
}

const turns: Readonly<Partial<Record<Reuse['changes'][number], number>>> = {
  ROTATED_90: 90,
  ROTATED_180: 180,
  ROTATED_270: 270,
};

function Crop({ url, box, figure, size, changes }: CropProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isFailed, setFailed] = useState(false);
  useEffect(() => {
    const image = new Image();
    image.onload = () => {
      const context = canvas.current?.getContext('2d');
      if (context != null) drawTurnedBack(context, image, { url, box, figure, size, changes });
    };
    image.onerror = () => {
      setFailed(true);
    };
    image.src = url;
  }, [url]);
  if (isFailed) return <p role="alert">{text.reused.noImage}</p>;
  return <canvas ref={canvas} width={size.width} height={size.height} />;
}

/** The changes are: mirrored left to right, then turned clockwise. They are undone in the other order. */
function drawTurnedBack(
  context: CanvasRenderingContext2D,
  image: HTMLImageElement,
  { box, figure, size, changes }: CropProps,
): void {
  const degrees = changes.map((change) => turns[change] ?? 0).reduce((sum, turn) => sum + turn, 0);
  const isOnItsSide = degrees % 180 !== 0;
  const [width, height] = isOnItsSide ? [size.height, size.width] : [size.width, size.height];
  // What is served may be smaller than the figure.
  const [x, y] = [image.naturalWidth / figure.width, image.naturalHeight / figure.height];
  context.clearRect(0, 0, size.width, size.height);
  context.save();
  context.translate(size.width / 2, size.height / 2);
  if (changes.includes('MIRRORED')) context.scale(-1, 1);
  context.rotate((-degrees * Math.PI) / 180);
  context.drawImage(
    image,
    ...([box.x * x, box.y * y, box.width * x, box.height * y] as const),
    ...([-width / 2, -height / 2, width, height] as const),
  );
  context.restore();
}
