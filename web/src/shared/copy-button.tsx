import { useState } from 'preact/hooks';
import { text } from '../text';

const copiedMs = 2000;

/** Copies words, and says that it did. */
export function CopyButton({ words, children }: { readonly words: string; readonly children: string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  const labels = { ready: children, copied: text.cite.copied, failed: text.cite.notCopied };
  return (
    <button
      type="button"
      aria-live="polite"
      onClick={() => {
        navigator.clipboard.writeText(words).then(
          () => {
            setState('copied');
            setTimeout(setState, copiedMs, 'ready');
          },
          () => {
            setState('failed');
          },
        );
      }}
    >
      {labels[state]}
    </button>
  );
}
