/** The type under which the page hands one of its own figures to a drop. */
export const figureType = 'application/x-figseek-figure';

/** Makes what is dragged stand for a figure: it can be dropped into the search box and on a collection. */
export function carryFigure(event: DragEvent, figureId: string): void {
  event.dataTransfer?.setData(figureType, figureId);
}

/** The figure of the page that begins to be dragged, or is dropped; null where it is something else. */
export function draggedFigure({ dataTransfer }: DragEvent): string | null {
  const figureId = dataTransfer?.getData(figureType) ?? '';
  return figureId === '' ? null : figureId;
}
