/** Names of the model packages that ship with figseek. */
export const shippedPackages: readonly string[] = ['starter', 'starter-segmenter'];
