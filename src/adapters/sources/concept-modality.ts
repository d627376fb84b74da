/** Concepts of UMLS that name how an image was made, and the words that figseek has for them. */
const modalities: ReadonlyMap<string, string> = new Map([
  ['C0040405', 'ct'],
  ['C1306645', 'x-ray'],
  ['C0024485', 'mri'],
  ['C0041618', 'ultrasound'],
  ['C0032743', 'pet'],
]);

/** The modality that the concepts of an image name; null where they name none, or several. */
export function modalityOfConcepts(concepts: readonly string[]): string | null {
  const found = new Set(concepts.flatMap((concept) => modalities.get(concept) ?? []));
  const [only = null] = found;
  return found.size === 1 ? only : null;
}
