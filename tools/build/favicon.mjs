// Writes web/public/favicon.ico, for browsers and readers that ask for it, from web/public/favicon.svg.
import { readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';

const side = 32;
const png = await sharp(readFileSync('web/public/favicon.svg')).resize(side, side).png().toBuffer();

// An ICO file: a header of 6 bytes, an entry of 16 bytes for each image, then the images, which may be PNG files.
const head = Buffer.alloc(22);
head.writeUInt16LE(1, 2); // an icon
head.writeUInt16LE(1, 4); // of one image
head.writeUInt8(side, 6);
head.writeUInt8(side, 7);
head.writeUInt16LE(1, 10); // planes of color
head.writeUInt16LE(32, 12); // bits a pixel
head.writeUInt32LE(png.length, 14);
head.writeUInt32LE(head.length, 18);
writeFileSync('web/public/favicon.ico', Buffer.concat([head, png]));
