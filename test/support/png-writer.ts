import { crc32, deflateSync } from 'node:zlib';

export interface GrayPng {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16;
  readonly values: readonly number[];
  readonly profile?: Buffer;
}

/** A gray PNG, made by hand: of 16 bits, or with a profile. */
export function writeGrayPng({ width, height, bits, values, profile }: GrayPng): Buffer {
  const rowBytes = 1 + (width * bits) / 8;
  const rows = Buffer.alloc(rowBytes * height);
  for (const [i, value] of values.entries()) {
    const at = Math.floor(i / width) * rowBytes + 1 + ((i % width) * bits) / 8;
    if (bits === 8) rows.writeUInt8(value, at);
    else rows.writeUInt16BE(value, at);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(bits, 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(profile ? [chunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(profile)]))] : []),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** The smallest ICC profile of gray whose numbers are amounts of light: half of them looks like 188 of sRGB's 255. */
export function linearGrayProfile(): Buffer {
  const profile = Buffer.alloc(188);
  profile.writeUInt32BE(profile.length, 0);
  profile.writeUInt32BE(0x02_40_00_00, 8);
  profile.write('mntrGRAYXYZ ', 12, 'latin1');
  profile.write('acsp', 36, 'latin1');
  const d50 = [0xf6_d6, 0x1_00_00, 0xd3_2d];
  for (const [i, value] of d50.entries()) profile.writeUInt32BE(value, 68 + 4 * i);
  profile.writeUInt32BE(2, 128);
  profile.write('wtpt', 132, 'latin1');
  profile.writeUInt32BE(156, 136);
  profile.writeUInt32BE(20, 140);
  profile.write('kTRC', 144, 'latin1');
  profile.writeUInt32BE(176, 148);
  profile.writeUInt32BE(12, 152);
  profile.write('XYZ ', 156, 'latin1');
  for (const [i, value] of d50.entries()) profile.writeUInt32BE(value, 164 + 4 * i);
  // A curve without points is a straight line.
  profile.write('curv', 176, 'latin1');
  return profile;
}
