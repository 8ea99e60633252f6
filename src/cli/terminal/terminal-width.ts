/** In characters. A terminal created by a program may report 0 for unknown. */
export function terminalWidth({ columns }: { readonly columns?: number }, otherwise: number): number {
  return columns !== undefined && columns > 0 ? columns : otherwise;
}
