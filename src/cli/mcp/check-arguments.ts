import type { ArgumentRule, OfferedTool } from './tool-decisions.js';

export type ToolArguments = Readonly<Record<string, unknown>>;

/** The arguments for the tool, or what is wrong with them, worded for the agent. */
export type CheckedArguments = { readonly good: ToolArguments } | { readonly refused: string };

/** Accepts the arguments that the tool supports here. Any other is an error, not silently dropped. */
export function checkArguments(
  { takes }: OfferedTool,
  given: ToolArguments,
  baseURL: string | undefined,
): CheckedArguments {
  const good: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(takes, name) ? takes[name] : undefined;
    if (rule === undefined) return { refused: `The argument "${name}" is not supported.` };
    const checked = value === undefined ? { value } : check(rule, value, baseURL);
    if ('refused' in checked) return { refused: `The argument "${name}": ${checked.refused}` };
    good[name] = checked.value;
  }
  return { good };
}

type Checked = { readonly value: unknown } | { readonly refused: string };

function check(rule: ArgumentRule, value: unknown, baseURL: string | undefined): Checked {
  switch (rule) {
    case 'any':
      return { value };
    case 'element':
      return isElement(value) ? { value } : { refused: onlyElements };
    case 'fields':
      return checkFields(value);
    case 'address':
      return checkAddress(value, baseURL);
    case 'button':
      return value === 'left' || value === 'right' ? { value } : { refused: onlyButtons };
    case 'key':
      return isCopyKey(value) ? { refused: 'Keys that copy, cut or paste are not allowed.' } : { value };
  }
}

function isElement(value: unknown): boolean {
  return typeof value === 'string' && /^(?:f\d+)?e\d+$/.test(value);
}

function checkFields(value: unknown): Checked {
  const fields: unknown[] = Array.isArray(value) ? value : [value];
  const isGood = (field: unknown) =>
    typeof field === 'object' && field !== null && isElement(Reflect.get(field, 'target'));
  return fields.every(isGood) ? { value } : { refused: onlyElements };
}

/** Validates with a URL parser, as the browser does: it drops line breaks and tabs. */
function checkAddress(value: unknown, baseURL: string | undefined): Checked {
  if (typeof value !== 'string') return { refused: onlyAddresses };
  const text = value.trim();
  if (text === 'about:blank') return { value: text };
  const bare = /^(?:localhost|[\w-]+(?:\.[\w-]+)+|\[[\da-f:]+\])(?::\d+)?(?:[/?#]|$)/i.test(text);
  const scheme = /^(?:localhost|127\.|\[::1\])/i.test(text) ? 'http' : 'https';
  const whole = bare ? `${scheme}://${text}` : text;
  if (!URL.canParse(whole, baseURL)) return { refused: onlyAddresses };
  const { protocol, href } = new URL(whole, baseURL);
  return protocol === 'http:' || protocol === 'https:' ? { value: href } : { refused: onlyAddresses };
}

function isCopyKey(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const [, modifiers, key] = /^(.*)\+(.+)$/.exec(value) ?? [];
  if (key === undefined) return /^(?:copy|cut|paste)$/i.test(value);
  if (/shift/i.test(modifiers ?? '') && /^(?:insert|delete|arrow|home|end|page)/i.test(key)) return true;
  return /control|meta/i.test(modifiers ?? '') && /^(?:key)?[cxv]$|^insert$/i.test(key);
}

const onlyButtons = 'Use "left" or "right": the middle button pastes the selection.';
const onlyElements =
  'Name an element by its reference in the last snapshot, as in "e12"; selectors are not supported.';
const onlyAddresses = 'Use a URL that begins with http:// or https://, or a path of this application.';
