import type { MatchingOptions, PictureMatching } from '../corpus/pictures/picture-matching.js';
import type { PendingPictures } from '../ports/picture-store.js';
import type { WorkReporter } from '../ports/work-reporter.js';

/** Compares the pictures that wait, and tells a person how far that is. */
export async function trackMatching(
  matching: Pick<PictureMatching, 'run'>,
  { unsigned, uncompared }: PendingPictures,
  options: Omit<MatchingOptions, 'onProgress'>,
  { track }: Pick<WorkReporter, 'track'>,
): Promise<void> {
  // Each picture without a signature is worked on twice.
  await track('comparing pictures', 2 * unsigned + uncompared, (at) =>
    matching.run({
      ...options,
      onProgress: (done) => {
        at(done);
      },
    }),
  );
}
