import { z } from 'zod';

/** What a hub or a file of others says, to be shown on a terminal: a control character could move or hide what stands there. */
export const stripControlCharacters = z
  .string()
  .transform((text) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd'));
