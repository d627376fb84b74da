import { useLayoutEffect } from 'preact/hooks';
import { text } from '../text';

/** Editors with changes that are not saved. */
const changed = new Set<symbol>();

function holdTab(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** While something was changed and not saved, the person is asked before the place, or the tab, is left. */
export function useUnsaved(isChanged: boolean): void {
  useLayoutEffect(() => {
    if (!isChanged) return;
    const editor = Symbol('editor');
    changed.add(editor);
    addEventListener('beforeunload', holdTab);
    return () => {
      changed.delete(editor);
      if (changed.size === 0) removeEventListener('beforeunload', holdTab);
    };
  }, [isChanged]);
}

/** Whether what is edited may be given up: nothing was changed, or the person agrees. */
export function mayGiveUp(): boolean {
  return changed.size === 0 || confirm(text.app.giveUp);
}
