/** The requests that the server knows, by what they do. */
export type RouteName =
  | 'sign-in-start'
  | 'sign-in-agree'
  | 'sign-in-prove'
  | 'sign-in-complete'
  | 'keysets'
  | 'vaults'
  | 'vault'
  | 'overviews'
  | 'item'
  | 'batch'
  | 'update-items'
  | 'exchange-token'
  | 'configurations'
  | 'enclave'
  | 'unknown';

export interface MatchedRoute {
  readonly route: RouteName;
  readonly parameters: readonly string[];
}

/** Which request this is, and the ids in its path. */
export function matchRoute(method: string, path: string): MatchedRoute {
  const pathname = path.split('?')[0] ?? '';
  for (const [route, routeMethod, expression] of ROUTES) {
    const found = method === routeMethod ? expression.exec(pathname) : null;
    if (found) return { route, parameters: found.slice(1) };
  }
  return { route: 'unknown', parameters: [] };
}

const ROUTES: readonly (readonly [RouteName, 'GET' | 'POST' | 'PATCH', RegExp])[] = [
  ['sign-in-start', 'POST', /^\/api\/v3\/auth\/start$/],
  ['sign-in-agree', 'POST', /^\/api\/v2\/auth$/],
  ['sign-in-prove', 'POST', /^\/api\/v2\/auth\/confirm-key$/],
  ['sign-in-complete', 'POST', /^\/api\/v2\/auth\/complete$/],
  ['keysets', 'GET', /^\/api\/v2\/account\/keysets$/],
  ['vaults', 'GET', /^\/api\/v1\/vaults$/],
  ['vault', 'GET', /^\/api\/v3\/vault\/([^/]+)$/],
  ['overviews', 'GET', /^\/api\/v1\/vault\/([^/]+)\/items\/overviews$/],
  ['item', 'GET', /^\/api\/v1\/vault\/([^/]+)\/item\/([^/]+)$/],
  ['batch', 'POST', /^\/api\/v3\/vault\/([^/]+)\/items\/batch$/],
  ['update-items', 'PATCH', /^\/api\/v3\/vault\/([^/]+)\/\d+\/items$/],
  ['exchange-token', 'POST', /^\/\/onepassword\.authntoken\.v1beta1\.AuthTokenService\/ExchangeToken$/],
  [
    'configurations',
    'GET',
    /^\/credential-broker\/v1alpha2\/capabilities\/environment-variables\/configurations$/,
  ],
  ['enclave', 'GET', /^\/-\/enclave\/([^/]+)$/],
];
