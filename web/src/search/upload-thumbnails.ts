/** The longer side of a thumbnail in pixels; shown at half of it on screens of double density. */
const side = 96;
const prefix = 'figseek thumbnail ';
const maxKept = 20;

/**
 * Keeps a small copy of an image that was sent, for the chip that stands for it: the server does not hand out what people
 * send. It lasts as long as the tab. An image that the browser cannot read (TIFF, DICOM) has none.
 */
export async function keepThumbnail(uploadId: string, image: Blob): Promise<void> {
  try {
    const bitmap = await createImageBitmap(image);
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const older = Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
    for (const key of older.slice(0, Math.max(0, older.length - maxKept))) sessionStorage.removeItem(key);
    sessionStorage.setItem(prefix + uploadId, canvas.toDataURL('image/webp', 0.8));
  } catch {
    // The chip shows words instead.
  }
}

/** The thumbnail as a data address; null where there is none. */
export function thumbnailOf(uploadId: string): string | null {
  return sessionStorage.getItem(prefix + uploadId);
}
