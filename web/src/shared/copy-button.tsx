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
        copy(words).then(
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

/** Browsers give the clipboard to pages of this computer and of https only. @throws {Error} where it is not given */
async function copy(words: string, { clipboard }: Partial<Pick<Navigator, 'clipboard'>> = navigator): Promise<void> {
  if (clipboard === undefined) throw new Error(text.cite.notCopied);
  await clipboard.writeText(words);
}
