import { useRef } from 'preact/hooks';
import { text } from '../text';

/** Words that are edited one by one: those that are there, and the one that is being typed. */
export interface Chips {
  readonly values: readonly string[];
  readonly draft: string;
}

/** All words, each once; the one that is being typed is one of them. */
export function wordsOf({ values, draft }: Chips): readonly string[] {
  return [...new Set([...values, draft.trim()])].filter((word) => word !== '');
}

export function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

interface ChipFieldProps {
  readonly label: string;
  readonly chips: Chips;
  readonly onChange: (chips: Chips) => void;
}

/** A field of words, each with a button that removes it; Enter adds what was typed, whatever characters it holds. */
export function ChipField({ label, chips, onChange }: ChipFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const { values, draft } = chips;
  return (
    <fieldset class="chip-field">
      <legend>{label}</legend>
      {values.length > 0 && (
        <ul class="labels">
          {values.map((value) => (
            <li key={value} class="chip">
              {value}{' '}
              <button
                type="button"
                aria-label={text.chips.remove(value)}
                onClick={() => {
                  onChange({ values: values.filter((one) => one !== value), draft });
                  // The button goes with its word.
                  input.current?.focus();
                }}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={input}
        aria-label={label}
        placeholder={text.chips.placeholder}
        value={draft}
        onInput={(event) => {
          onChange({ values, draft: event.currentTarget.value });
        }}
        onKeyDown={(event) => {
          // Enter in an empty field is for the form.
          if (event.key !== 'Enter' || event.isComposing || draft.trim() === '') return;
          event.preventDefault();
          onChange({ values: wordsOf(chips), draft: '' });
        }}
      />
    </fieldset>
  );
}
