/** The type under which the page hands one of its own figures to a drop. */
export const figureType = 'application/x-figseek-figure';

/** Makes what is dragged stand for a figure: it can be dropped into the search box. */
export function carryFigure(event: DragEvent, figureId: string): void {
  event.dataTransfer?.setData(figureType, figureId);
}
