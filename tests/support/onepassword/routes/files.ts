import { Refusal } from '../http/exchange.js';
import type { Answer, Exchange } from '../http/exchange.js';
import { filesOf } from '../model/file.js';
import type { ServiceAccount } from '../model/service-account.js';

/** GET /api/v3/file/<id>: its encrypted bytes, not in an envelope. */
export function getFile({ parameters: [id] }: Exchange, { grants }: ServiceAccount): Answer {
  const items = [...grants.keys()].flatMap((vault) => vault.items);
  const file = items.flatMap(({ contents }) => filesOf(contents)).find((each) => each.id === id);
  if (!file) throw new Refusal(404, 'no such file in reach');
  return { status: 200, bytes: file.encrypted };
}
