import { FigseekError } from '../../domain/errors.js';
import { end, start, type BytePairs } from '../open-clip/byte-pairs.js';
import { foldSpaces, repairText } from '../open-clip/clean-text.js';

/** Most characters of a prompt: far more than 75 tokens of any language hold. */
const maxPromptLength = 2000;

/**
 * A prompt as transformers' CLIPTokenizer reads it with ftfy installed.
 * @throws {FigseekError} BAD_USER_INPUT for a prompt that is too long or holds a special token
 */
export function promptTokens(tokenizer: BytePairs, prompt: string): Int32Array {
  if (prompt.length > maxPromptLength) {
    const message = `Expected a prompt of at most ${maxPromptLength} characters but received ${prompt.length}`;
    throw new FigseekError('BAD_USER_INPUT', message);
  }
  const text = foldSpaces(repairText(prompt));
  for (const special of [start, end]) {
    // The official tokenizer takes the literal for the token, and the text tower would pool at it.
    if (text.toLowerCase().includes(special)) {
      throw new FigseekError('BAD_USER_INPUT', `A prompt must not hold ${special}, which the model reads as a mark`);
    }
  }
  return tokenizer.encode(text);
}
