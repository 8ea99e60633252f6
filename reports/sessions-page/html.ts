/** A text that is already HTML. All other text is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlPart = Html | string | number | false | undefined | readonly HtmlPart[];

/**
 * A piece of HTML. Inserted text is escaped, for content and for quoted attributes, unless it is a piece of HTML. Lists
 * are joined. `false` and `undefined` are omitted.
 *
 * @example html`<td title="${name}">${name}</td>`
 */
export function html(literals: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(literals.map((literal, index) => literal + write(parts[index])).join(''));
}

/** A name from outside the page, with isolated writing direction. */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

function write(part: HtmlPart): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  return typeof part === 'object' ? part.map(write).join('') : escape(String(part));
}

/** Replaces control characters, which HTML does not allow, by visible text. */
function escape(text: string): string {
  return text
    .replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(controlCharacters, '\uFFFD');
}

// eslint-disable-next-line no-control-regex -- that is what they are
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
