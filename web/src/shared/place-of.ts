export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** Where a box lies on its figure, as CSS. @param figure its size in the same unit; 1 × 1 for fractions */
export function placeOf({ x, y, width, height }: Box, figure: Size) {
  const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`;
  return {
    left: percent(x, figure.width),
    top: percent(y, figure.height),
    width: percent(width, figure.width),
    height: percent(height, figure.height),
  };
}
