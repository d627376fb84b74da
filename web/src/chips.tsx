import { useState } from 'preact/hooks';
import type { PlaceTerm } from './view-state';

interface ChipsProps {
  readonly terms: readonly PlaceTerm[];
  readonly onChange: (terms: readonly PlaceTerm[]) => void;
}

const weights = [0.25, 0.5, 1, 2];

/** The terms beside the words in the box: each with its sign, its weight, and a way out. */
export function Chips({ terms, onChange }: ChipsProps) {
  const replace = (at: number, term: PlaceTerm | null): void => {
    onChange(terms.flatMap((one, i) => (i === at ? (term ?? []) : one)));
  };
  return (
    <ul class="terms" aria-label="Terms of the query">
      {terms.map((term, at) => (
        <li class={term.weight > 0 ? 'term' : 'term away'} key={`${term.kind}${term.value}${at}`}>
          <button
            type="button"
            aria-label={
              term.weight > 0 ? 'Draws towards it; push away instead' : 'Pushes away; draw towards it instead'
            }
            onClick={() => {
              replace(at, { ...term, weight: -term.weight });
            }}
          >
            {term.weight > 0 ? '+' : '−'}
          </button>
          <Name term={term} />
          <select
            aria-label="Weight"
            value={String(Math.abs(term.weight))}
            onChange={(event) => {
              replace(at, { ...term, weight: Math.sign(term.weight) * Number(event.currentTarget.value) });
            }}
          >
            {[...new Set([...weights, Math.abs(term.weight)])].map((weight) => (
              <option key={weight} value={String(weight)}>
                × {weight}
              </option>
            ))}
          </select>
          <button
            type="button"
            aria-label="Remove the term"
            onClick={() => {
              replace(at, null);
            }}
          >
            ×
          </button>
        </li>
      ))}
      <li>
        <NewTerm
          onAdd={(term) => {
            onChange([...terms, term]);
          }}
        />
      </li>
    </ul>
  );
}

function Name({ term }: { readonly term: PlaceTerm }) {
  if (term.kind === 'text') return <span>{term.value}</span>;
  if (term.kind === 'upload') return <span>your image</span>;
  if (term.kind === 'mask') {
    return <img src={`/masks/${encodeURIComponent(term.value)}.png?size=64`} alt="what a mask outlines" height={24} />;
  }
  return <img src={`/images/${encodeURIComponent(term.value)}?size=64`} alt="a stored figure" height={24} />;
}

/** A further term: with a minus before it, it pushes away. */
function NewTerm({ onAdd }: { readonly onAdd: (term: PlaceTerm) => void }) {
  const [draft, setDraft] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const away = /^[-−]/.test(draft.trim());
        const value = draft.trim().replace(/^[-−]\s*/, '');
        if (value !== '') onAdd({ kind: 'text', value, weight: away ? -1 : 1 });
        setDraft('');
      }}
    >
      <input
        aria-label="Add a term"
        placeholder="and also … or −without …"
        value={draft}
        onInput={(event) => {
          setDraft(event.currentTarget.value);
        }}
      />
    </form>
  );
}
