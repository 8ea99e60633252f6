/** The value to look at first after a refusal: its parameter, and where it came from. */
export interface LikelySource {
  readonly parameter: string;
  readonly source: string;
}

/** The password, or else the first of these parameters that has a source. `sources` names places, and no value. */
export function likelySource(
  parameters: readonly string[],
  sources: ReadonlyMap<string, string>,
): LikelySource | undefined {
  const known = parameters.flatMap((parameter) => {
    const source = sources.get(parameter);
    return source === undefined ? [] : [{ parameter, source }];
  });
  return known.find(({ parameter }) => /pass|pwd|secret/i.test(parameter)) ?? known[0];
}
