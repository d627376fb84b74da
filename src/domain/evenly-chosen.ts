/**
 * Numbers from 0 that are spread evenly over 0…count − 1, the first and (for an even `most`) the middle one among them; all where
 * there are no more than `most`.
 */
export function evenlyChosen(count: number, most: number): readonly number[] {
  const taken = Math.min(count, most);
  return Array.from({ length: taken }, (_, at) => Math.floor((at * count) / taken));
}
