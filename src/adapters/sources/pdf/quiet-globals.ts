/**
 * pdf.js wants these classes of browsers when it is loaded, and uses them to draw pages only, which figseek does not: without
 * them it would load a canvas, where one is installed, and else fail. It tells oddities of files on the console of its thread.
 */
class Unused {
  readonly isUnused = true;
}

Object.assign(globalThis, { DOMMatrix: Unused, ImageData: Unused, Path2D: Unused });
const silent = (): void => undefined;
Object.assign(console, { log: silent, warn: silent, info: silent });
