/** Adds a full stop, unless the text is empty or already ends like a sentence. */
export function asSentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}
