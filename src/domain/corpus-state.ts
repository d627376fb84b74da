/**
 * The corpus at one moment. What keeps a copy of a part of it (an index, a table in memory) brings the copy up to the state
 * that it is given before it answers.
 */
export interface CorpusState {
  /** Changes with every figure that is added, changed or deleted, by any process. */
  readonly version: string;
  /** Changes with every figure that joins or leaves a collection. */
  readonly collectionsVersion: string;
  /** Changes with every mask that is made. */
  readonly masksVersion: string;
  /** Number of the newest figure that ever was: what comes later has a greater one. */
  readonly lastFigure: number;
  /** The same of panels, and of vectors of any model. */
  readonly lastPanel: number;
  readonly lastEmbedding: number;
  /** Position in the log of deleted panels, and in that of panels whose words were indexed anew. */
  readonly lastPanelRemoval: number;
  readonly lastWordChange: number;
  /** The same of figures that joined or left a group of those that show one picture. */
  readonly lastGroupChange: number;
}
