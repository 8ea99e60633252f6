import type { RouteName } from '../routes/route.js';

/** Which requests are meant: by route, or by method, path and what the server made of it. All that is given must fit. */
export type RequestPattern =
  | RouteName
  | {
      readonly route?: RouteName;
      readonly method?: string;
      /** The whole path without query, or an expression that path and query match. */
      readonly path?: string | RegExp;
      /** The account's or service account's name. */
      readonly account?: string;
      readonly serviceAccount?: string;
    };

export interface MatchableRequest {
  readonly route: RouteName;
  readonly method: string;
  readonly path: string;
  readonly account: string | undefined;
  readonly serviceAccount: string | undefined;
}

export function matchesRequest(pattern: RequestPattern, request: MatchableRequest): boolean {
  if (typeof pattern === 'string') return pattern === request.route;
  const { route, method, path, account, serviceAccount } = pattern;
  return (
    (route === undefined || route === request.route) &&
    (method === undefined || method.toUpperCase() === request.method) &&
    (path === undefined || matchesPath(path, request.path)) &&
    (account === undefined || account === request.account) &&
    (serviceAccount === undefined || serviceAccount === request.serviceAccount)
  );
}

function matchesPath(pattern: string | RegExp, path: string): boolean {
  return typeof pattern === 'string' ? path.split('?')[0] === pattern : path.search(pattern) >= 0;
}
