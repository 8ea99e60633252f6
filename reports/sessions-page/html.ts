/** Text that is HTML already. Nothing else is put into a page as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlPart = Html | string | number | false | undefined | readonly HtmlPart[];

/**
 * A piece of HTML. What is put in is text and is escaped, for content and for quoted attributes alike, unless it is
 * a piece of HTML itself; lists are joined, `false` and `undefined` are nothing.
 *
 * @example html`<td title="${name}">${name}</td>`
 */
export function html(literals: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(literals.map((literal, index) => literal + write(parts[index])).join(''));
}

/** A name that somebody else chose: its own direction of writing stays its own. */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

function write(part: HtmlPart): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  return typeof part === 'object' ? part.map(write).join('') : escape(String(part));
}

/** Control characters, which no HTML may hold, are shown as what they are not: text. */
function escape(text: string): string {
  return text
    .replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(controlCharacters, '\uFFFD');
}

// eslint-disable-next-line no-control-regex -- that is what they are
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
