/** The text of an HTML mail, and the addresses of its links. */
export function readHtml(html: string): { readonly text: string; readonly links: readonly string[] } {
  const shown = html.replaceAll(/<!--[^]*?-->|<(style|script|head|title)\b[^]*?<\/\1\s*>/gi, ' ');
  const links = [...shown.matchAll(/<a\b[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi)]
    .map(([, quoted, single, bare]) => decodeEntities(quoted ?? single ?? bare ?? '').trim())
    .filter((link) => /^https?:\/\//i.test(link));
  const spaced = shown.replaceAll(/<\/?(?:span|b|i|u|em|strong|font|code|small|a)\b[^>]*>/gi, '');
  const text = decodeEntities(spaced.replaceAll(/<[^>]*>/g, '\n'));
  return { text: text.replaceAll(/[ \t]*\n\s*/g, '\n').trim(), links };
}

function decodeEntities(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w+);/gi, (all: string, name: string) => {
    if (!name.startsWith('#')) return named[name.toLowerCase()] ?? all;
    const isHex = /^#x/i.test(name);
    const point = Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10);
    return point > 0x10_ff_ff ? all : String.fromCodePoint(point);
  });
}

const named: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
  ...{ nbsp: ' ', zwnj: '', copy: '©', middot: '·', ndash: '–', mdash: '—' },
};
