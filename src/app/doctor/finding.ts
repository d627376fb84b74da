/** What the doctor says about one thing that can go wrong. */
export interface Finding {
  readonly about: string;
  readonly state: 'ok' | 'note' | 'wrong';
  /** One sentence; of what is wrong it names the fix. */
  readonly message: string;
}
