import { save } from '../shared/save';
import { text } from '../text';
import type { Mask } from './queries';
import type { Layer, MaskLayers } from './mask-layers';
import { maskDocument, maskInWords } from './mask-text';

interface LayerLineProps {
  readonly layer: Layer;
  readonly masks: MaskLayers;
  readonly onUse: (maskId: string) => void;
  /** Those that know the prompt. */
  readonly imageTypes: readonly string[];
}

/** A mask in words: what it is worth, and what can be done with it. */
export function LayerLine({ layer, masks, onUse, imageTypes }: LayerLineProps) {
  const { prompt, color, isShown, mask: made, message } = layer;
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={isShown}
          onChange={() => {
            masks.toggle(prompt);
          }}
        />
        <span class="swatch" style={{ background: `#${color}` }} />
        {prompt}
      </label>
      {message !== null && (
        <span role="alert">
          {message}{' '}
          <button
            type="button"
            onClick={() => {
              masks.add(prompt);
            }}
          >
            {text.masks.again}
          </button>
        </span>
      )}
      <span class="quiet" role="status">
        {message === null && (made === null ? text.masks.drawing : maskInWords(made, imageTypes))}
      </span>
      {imageTypes.length > 1 && (
        <select
          aria-label={text.masks.kindFor(prompt)}
          value={layer.imageType ?? made?.imageType ?? ''}
          onChange={({ currentTarget: { value } }) => {
            masks.judgeAs(prompt, value === '' ? null : value);
          }}
        >
          <option value="">{text.masks.kind}</option>
          {imageTypes.map((type) => (
            <option key={type} value={type}>
              {type}
            </option>
          ))}
        </select>
      )}
      {message === null && made?.pngUrl != null && <Downloads prompt={prompt} made={made} pngUrl={made.pngUrl} />}
      {made !== null && made.boxes != null && made.boxes.length > 0 && (
        <button
          type="button"
          title={text.masks.searchHint}
          onClick={() => {
            onUse(made.id);
          }}
        >
          {text.masks.search}
        </button>
      )}
      <button
        type="button"
        aria-label={text.masks.remove(prompt)}
        onClick={() => {
          masks.remove(prompt);
        }}
      >
        ×
      </button>
    </li>
  );
}

function Downloads({
  prompt,
  made,
  pngUrl,
}: {
  readonly prompt: string;
  readonly made: Mask;
  readonly pngUrl: string;
}) {
  const name = prompt.replace(/[^\p{L}\p{N}]+/gu, '-');
  return (
    <span class="downloads">
      <a href={pngUrl} download={`${name}.png`}>
        {text.masks.png}
      </a>{' '}
      <button
        type="button"
        title={text.masks.jsonHint}
        onClick={() => {
          save(maskDocument({ ...made, prompt }), 'application/json', `${name}.json`);
        }}
      >
        {text.masks.json}
      </button>
    </span>
  );
}
