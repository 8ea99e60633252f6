import type { WantedMessage } from '../core/mailbox.js';
import type { ReadMessage } from './read-message.js';

/** The codes of a message, each once. */
export function findCodes({ text, subject }: ReadMessage, { pattern }: WantedMessage): string[] {
  if (pattern) return matches(`${subject}\n${text}`, pattern);
  const withoutLinks = text.replaceAll(/https?:\/\/\S+/gi, ' ');
  const found = matches(`${subject}\n${withoutLinks}`, codePattern).map((code) =>
    code.replaceAll(/[ -]/g, ''),
  );
  const all = [...new Set(found)];
  const withoutYears = all.filter((code) => !/^(?:19|20)\d\d$/.test(code));
  return withoutYears.length > 0 ? withoutYears : all;
}

/** The links of a message, each once: those to the session's origin if there are several. */
export function findLinks(
  { links }: ReadMessage,
  { pattern }: WantedMessage,
  origin: string | undefined,
): string[] {
  if (pattern) return links.filter((link) => matches(link, pattern).length > 0);
  const own = links.filter((link) => URL.canParse(link) && new URL(link).origin === origin);
  return links.length > 1 && own.length > 0 ? own : [...links];
}

/** Whether a message is from and about what the flow asks for. */
export function isWanted(
  { from, subject }: ReadMessage,
  wanted: Pick<WantedMessage, 'from' | 'subject'>,
): boolean {
  return fits(from, wanted.from) && fits(subject, wanted.subject);
}

function fits(text: string, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'string') return text.toLowerCase().includes(wanted.toLowerCase());
  return matches(text, wanted).length > 0;
}

function matches(text: string, { source, flags }: RegExp): string[] {
  const everywhere = new RegExp(source, `${flags.replaceAll(/[gy]/g, '')}g`);
  const found = [...text.matchAll(everywhere)].map(([all, group]) => group ?? all);
  return [...new Set(found.filter((one) => one !== ''))];
}

/** Digits of a longer number, an amount, a date, a time or a telephone number are not a code. */
const codePattern =
  /(?<!\d[ -])(?<![\w.,:/+#@%&=$€£-])(\d{4,8}|\d{3}[ -]\d{3})(?![\w/@%€$£]|[.,:-]\d|[ -]\d{2,})/;
