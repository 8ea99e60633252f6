import * as v from 'valibot';

/** `store` of a sessions file. */
export const storeShape = v.pipe(
  v.strictObject({
    folder: v.optional(v.pipe(v.string(), v.minLength(1, 'Expected: a folder'))),
    url: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^(rediss?|unix):\/\/./, 'Expected: redis://, rediss:// or unix://'),
        v.check(
          (url) => !/^[a-z]+:\/\/[^/]*:[^/]*@|\?sentinel=/.test(url),
          'Expected: no password here. Put the whole URL into AUTH_SESSIONS_STORE_URL',
        ),
      ),
    ),
    client: v.optional(v.function()),
    caFile: v.optional(v.pipe(v.string(), v.minLength(1, 'Expected: a file'))),
    sentinel: v.optional(v.pipe(v.string(), v.minLength(1, 'Expected: a name'))),
    cluster: v.optional(v.boolean()),
    prefix: v.optional(v.pipe(v.string(), v.minLength(1, 'Expected: a name'))),
    whenStoreUnavailable: v.optional(v.picklist(['error', 'local'])),
  }),
  v.check(
    ({ sentinel, cluster }) => sentinel === undefined || cluster !== true,
    'Expected: sentinel or cluster, not both',
  ),
  v.check(
    ({ client, ...others }) =>
      client === undefined ||
      (['url', 'caFile', 'sentinel', 'cluster'] as const).every((name) => others[name] === undefined),
    'Expected: client without url, caFile, sentinel and cluster',
  ),
);
