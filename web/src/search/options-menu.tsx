import { useState } from 'preact/hooks';
import { channels, type Place } from '../place';
import { Menu } from '../shared/menu';
import { text } from '../text';

interface OptionsMenuProps {
  readonly place: Place;
  readonly onChange: (place: Place) => void;
}

/** What most people do not need: which evidence counts, words to keep away from, exact search. */
export function OptionsMenu({ place, onChange }: OptionsMenuProps) {
  const counts = (channel: (typeof channels)[number]): boolean =>
    place.channels.length === 0 || place.channels.includes(channel);
  return (
    <Menu label={text.box.advanced} isChanged={place.channels.length > 0 || place.exact || place.showCopies}>
      <LessLike
        onAdd={(value) => {
          onChange({ ...place, terms: [...place.terms, { kind: 'text', value, weight: -1 }] });
        }}
      />
      <fieldset>
        <legend>{text.box.evidence}</legend>
        {channels.map((channel) => (
          <Choice
            key={channel}
            label={text.channels[channel]}
            isChosen={counts(channel)}
            onChange={(isChosen) => {
              const chosen = channels.filter((one) => (one === channel ? isChosen : counts(one)));
              // None at all finds nothing: then all count again.
              onChange({ ...place, channels: chosen.length === channels.length ? [] : chosen });
            }}
          />
        ))}
      </fieldset>
      <Choice
        label={text.box.exact}
        isChosen={place.exact}
        onChange={(exact) => {
          onChange({ ...place, exact });
        }}
      />
      <Choice
        label={text.box.copies}
        isChosen={place.showCopies}
        onChange={(showCopies) => {
          onChange({ ...place, showCopies });
        }}
      />
    </Menu>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly isChosen: boolean;
  readonly onChange: (isChosen: boolean) => void;
}

function Choice({ label, isChosen, onChange }: ChoiceProps) {
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={isChosen}
        onChange={(event) => {
          onChange(event.currentTarget.checked);
        }}
      />{' '}
      {label}
    </label>
  );
}

/** Words that push away: figures like them come last, but are not left out. */
function LessLike({ onAdd }: { readonly onAdd: (words: string) => void }) {
  const [draft, setDraft] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.trim() !== '') onAdd(draft.trim());
        setDraft('');
      }}
    >
      <label>
        {text.box.less}
        <input
          value={draft}
          placeholder={text.box.lessPlaceholder}
          onInput={(event) => {
            setDraft(event.currentTarget.value);
          }}
        />
      </label>
      <button type="submit">{text.box.add}</button>
    </form>
  );
}
