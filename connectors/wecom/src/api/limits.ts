/** The longest beginning of `text` of at most `limit` bytes in UTF-8 that cuts no character, with "…" where something is missing. */
export function cutToBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  return cut(text, limit - Buffer.byteLength('…'), (character) => Buffer.byteLength(character));
}

/** The same, counted in characters as people see them in a list of code points. */
export function cutToCharacters(text: string, limit: number): string {
  return [...text].length <= limit ? text : cut(text, limit - 1, () => 1);
}

function cut(text: string, limit: number, sizeOf: (character: string) => number): string {
  let size = 0;
  let kept = '';
  for (const character of text) {
    size += sizeOf(character);
    if (size > limit) break;
    kept += character;
  }
  return `${kept}…`;
}
