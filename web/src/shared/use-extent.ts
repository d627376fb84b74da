import { useEffect, useState } from 'preact/hooks';

/** Width or height of an element in pixels, without its borders; 0 before it is laid out. */
export function useExtent(box: { readonly current: HTMLElement | null }, side: 'clientWidth' | 'clientHeight'): number {
  const [extent, setExtent] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => {
      setExtent(element[side]);
    };
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  return extent;
}
