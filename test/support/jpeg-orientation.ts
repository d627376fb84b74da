/** A JPEG with an EXIF segment of one tag, 274, behind its first two bytes. */
export function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const segment = Buffer.from(`ffe10022${Buffer.from('Exif\0\0').toString('hex')}4d4d002a000000080001`, 'hex');
  const tag = Buffer.from(`0112000300000001000${orientation}000000000000`, 'hex');
  return Buffer.concat([jpeg.subarray(0, 2), segment, tag, jpeg.subarray(2)]);
}
