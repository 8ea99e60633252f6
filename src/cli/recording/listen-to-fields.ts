import type { ToldText } from './field-book.js';

/**
 * Runs in the page and its frames before other scripts: reports the content of input fields. A field that was once a
 * password field stays one, even if the page shows its text or replaces the element.
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
  /**
   * An element with the same name, or the same element without another name: frameworks reuse elements for several
   * fields.
   */
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

  /** Runs before the page can show hidden text. */
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
    const isKeystroke = event instanceof KeyboardEvent;
    if (isKeystroke && isTyping(event)) return;
    if (isKeystroke || event.type === 'pointerdown') markPasswords(document);
    const target = event.type === 'pointerdown' ? focused() : event.composedPath()[0];
    tell(target, event.type !== 'input');
  };
  // Runs twice: a page may change a text, for example to upper case.
  for (const type of ['input', 'change', 'focusout', 'keydown', 'pointerdown'])
    for (const capture of [true, false]) addEventListener(type, hear, { capture });
}
