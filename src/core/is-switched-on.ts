/** Whether a variable such as `CI` or `PWDEBUG` is on: set, and not to `0` or `false`. */
export function isSwitchedOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}
