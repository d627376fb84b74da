/** Something that was checked of a model, and whether it holds. */
export interface ModelCheck {
  readonly what: string;
  readonly holds: boolean;
  /** The number behind the answer. */
  readonly value: number;
}
