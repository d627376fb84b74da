import type { PanelId } from '../domain/ids.js';
import type { PanelClass } from '../domain/panel-class.js';

/** A panel that has an image vector, and no class by a classifier. */
export interface UnclassifiedPanel {
  /** Its number, which is never given twice. */
  readonly number: number;
  readonly isWhole: boolean;
  /** Whether it is the whole of a figure that has panels beside it. */
  readonly hasParts: boolean;
  readonly vector: Float32Array;
}

/** Which panels are asked for. */
export interface UnclassifiedPart {
  readonly classifier: number;
  readonly space: string;
  /** Only panels with a greater number. */
  readonly after: number;
  readonly limit: number;
}

/** What classifiers say of panels. A classifier belongs to the vectors of one model version (its space); one of all is shown. */
export abstract class PanelClassStore {
  /** The number of a classifier, which is given to it at the first call. @param key tells it from others of the space */
  abstract openClassifier(space: string, key: string): Promise<number>;

  /** By number. */
  abstract listUnclassified(part: UnclassifiedPart): Promise<readonly UnclassifiedPanel[]>;

  /** Keeps classes; those of panels that are gone, or gained or lost parts meanwhile, are passed over. */
  abstract save(
    classifier: number,
    classes: readonly { readonly panel: number; readonly of: PanelClass }[],
  ): Promise<void>;

  /** Shows what this classifier says, and forgets what others of its space said. */
  abstract show(classifier: number): Promise<void>;

  /** What the shown classifier says of panels; those without a class are left out. */
  abstract classesOf(panelIds: readonly string[]): Promise<ReadonlyMap<PanelId, PanelClass>>;

  /** Forgets all that was said by the vectors of a model version. */
  abstract forgetSpace(space: string): Promise<void>;
}
