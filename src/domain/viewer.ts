/** On whose behalf a use case runs: the first parameter of each. */
export interface Viewer {
  /** Whoever runs this installation. There are no accounts yet, so everybody who reaches the program is it. */
  readonly kind: 'local-operator';
}

export const localOperator: Viewer = { kind: 'local-operator' };
