import { useEffect, useState } from 'preact/hooks';

const query = '(prefers-color-scheme: dark)';

/** Whether the system asks for dark colors; follows it. */
export function useIsDark(): boolean {
  const [isDark, setDark] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const follow = (): void => {
      setDark(media.matches);
    };
    media.addEventListener('change', follow);
    return () => {
      media.removeEventListener('change', follow);
    };
  }, []);
  return isDark;
}
