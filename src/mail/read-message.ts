import PostalMime, { type Address } from 'postal-mime';
import { readHtml } from './read-html.js';

/** What a flow may get of a message. */
export interface ReadMessage {
  /** Addresses in lower case. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Web addresses, in order, each once. */
  readonly links: readonly string[];
}

/** Reads a message with all its parts and encodings. */
export async function readMessage(source: string | Uint8Array): Promise<ReadMessage> {
  const mail = await PostalMime.parse(source);
  const html = readHtml(mail.html ?? '');
  const text = mail.text?.trim() ? mail.text : html.text;
  return {
    from: addressesOf(mail.from ? [mail.from] : [])[0] ?? '',
    to: addressesOf([...(mail.to ?? []), ...(mail.cc ?? [])]),
    subject: mail.subject ?? '',
    text,
    links: [...new Set([...html.links, ...linksIn(mail.text ?? '')])],
  };
}

/** The members of a group, too. */
function addressesOf(all: readonly Address[]): string[] {
  return all
    .flatMap(({ address, group }) => [address, ...(group ?? []).map((member) => member.address)])
    .flatMap((address) => (address ? [address.toLowerCase()] : []));
}

/** A sentence's punctuation after a link is not part of it. */
function linksIn(text: string): string[] {
  return [...text.matchAll(/https?:\/\/[^\s<>"']+/gi)].map(([link]) => link.replace(/[).,;:!?\]]+$/, ''));
}
