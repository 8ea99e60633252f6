/** In characters. A terminal that was made by a program may say 0: then it does not know. */
export function terminalWidth({ columns }: { readonly columns?: number }, otherwise: number): number {
  return columns !== undefined && columns > 0 ? columns : otherwise;
}
