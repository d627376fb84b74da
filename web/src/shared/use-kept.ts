import { useState } from 'preact/hooks';

const kept = new Map<string, unknown>();
/** Values of parts of the page that were left; beyond it, all are forgotten. */
const maxKept = 100;

/**
 * State that outlives its component, so that who comes back from a figure finds a map or a collection as it was.
 * @param key names the state, and what it belongs to
 */
export function useKept<Value>(key: string, initial: Value): [Value, (change: (before: Value) => Value) => void] {
  const [, setShown] = useState(0);
  const value = kept.has(key) ? (kept.get(key) as Value) : initial;
  return [
    value,
    (change) => {
      const before = kept.has(key) ? (kept.get(key) as Value) : initial;
      if (kept.size >= maxKept && !kept.has(key)) kept.clear();
      kept.set(key, change(before));
      setShown((count) => count + 1);
    },
  ];
}
