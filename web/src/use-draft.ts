import { useEffect, useState } from 'preact/hooks';

/** What stands in the search field, sent or not; a new text of the place replaces it. */
export function useDraft(text: string): { readonly value: string; readonly set: (value: string) => void } {
  const [value, set] = useState(text);
  useEffect(() => {
    set(text);
  }, [text]);
  return { value, set };
}
