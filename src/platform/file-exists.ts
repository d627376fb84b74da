import { access } from 'node:fs/promises';

/** Whether there is a file or a folder, which a link may lead to. */
export function fileExists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
