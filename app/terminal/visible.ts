const hidden = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
const hiddenInLines = /\r(?!\n)|[^\P{Cc}\n\r\t]|[\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * A text of outside as it can be printed: a terminal obeys control characters (a campaign's name could clear the screen or
 * rename the window), and marks of writing direction turn words around. Each becomes a visible mark; ends of lines and tabs stay.
 */
export const visible = (text: string): string => text.replace(hiddenInLines, mark);

/** The same for a text that has to stay in one line. */
export const visibleInLine = (text: string): string => text.replace(hidden, mark);

/** Characters below the blank have pictures of their own: ␛ for ESC. */
function mark(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : '\ufffd';
}
