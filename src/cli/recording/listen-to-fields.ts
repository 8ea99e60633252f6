import type { ToldText } from './field-book.js';

/**
 * Runs in the page, in each of its frames, before its own scripts: tells what input fields hold. A field that was ever a
 * password's stays one, though the page may show its text or put another element in its place.
 */
export function listenToFields(bindingName: string): void {
  const fields = new WeakMap<Element, Map<string, string>>();
  const passwords = new Set<string>();

  const wordsOf = ({ name, id, autocomplete, labels, placeholder, ariaLabel }: HTMLInputElement) =>
    [
      name,
      id,
      autocomplete,
      placeholder,
      ariaLabel,
      ...[...(labels ?? [])].map((one) => one.textContent),
    ].join(' ');
  /** An element of the same name, or the same element under no other name: frameworks use one for several fields. */
  const fieldOf = (element: HTMLInputElement) => {
    const known = fields.get(element) ?? new Map<string, string>();
    const name = `${element.name} ${element.id}`;
    const field = known.get(name) ?? `${location.href} ${String(Math.random())}`;
    fields.set(element, known.set(name, field));
    return field;
  };
  const namesOf = (element: HTMLInputElement) =>
    [element.name && `name ${element.name}`, element.id && `id ${element.id}`, fieldOf(element)].filter(
      Boolean,
    );
  const isHidden = (field: HTMLInputElement) =>
    !['', 'none'].includes(getComputedStyle(field).getPropertyValue('-webkit-text-security'));
  const isPassword = (field: HTMLInputElement) =>
    field.type === 'password' ||
    /password/i.test(field.autocomplete) ||
    namesOf(field).some((one) => passwords.has(one)) ||
    isHidden(field);

  const kindOf = (field: HTMLInputElement): ToldText['kind'] => {
    if (field.autocomplete.includes('one-time-code')) return 'code';
    if (isPassword(field)) {
      namesOf(field).forEach((one) => passwords.add(one));
      return 'password';
    }
    const words = wordsOf(field);
    if (/username|email/.test(field.autocomplete) || field.type === 'email') return 'username';
    if (/otp|one.?time|2fa|mfa|verif|passcode|auth.*code/i.test(words)) return 'code';
    if (/passw|passphrase|pwd/i.test(words)) return 'password';
    return /user|e-?mail|login|account/i.test(words) ? 'username' : 'other';
  };

  const tell = (target: EventTarget | null | undefined, isSettled: boolean) => {
    if (!(target instanceof HTMLInputElement)) return;
    const told: ToldText = { field: fieldOf(target), kind: kindOf(target), text: target.value, isSettled };
    const binding = Reflect.get(window, bindingName) as ((text: ToldText) => unknown) | undefined;
    void binding?.(told);
  };

  /** Before the page can show what it hides. */
  const markPasswords = (root: Document | ShadowRoot) => {
    for (const element of root.querySelectorAll('*')) {
      if (element instanceof HTMLInputElement && element.type === 'password') kindOf(element);
      if (element.shadowRoot) markPasswords(element.shadowRoot);
    }
  };
  const focused = () => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active;
  };
  const isTyping = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent) =>
    key.length === 1 && !ctrlKey && !altKey && !metaKey;

  const hear = (event: Event) => {
    const isKey = event instanceof KeyboardEvent;
    if (isKey && isTyping(event)) return;
    if (isKey || event.type === 'pointerdown') markPasswords(document);
    const target = event.type === 'pointerdown' ? focused() : event.composedPath()[0];
    tell(target, event.type !== 'input');
  };
  // Twice: what the page makes of a text, such as capitals, is what it is then.
  for (const type of ['input', 'change', 'focusout', 'keydown', 'pointerdown'])
    for (const capture of [true, false]) addEventListener(type, hear, { capture });
}
