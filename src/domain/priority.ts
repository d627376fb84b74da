/** Who waits for work of a model: a person, a person who looks at a map meanwhile, or nobody. */
export type Priority = 'interactive' | 'illustration' | 'bulk';
