import { Refusal } from '../http/exchange.js';
import type { Answer, Exchange } from '../http/exchange.js';
import type { Account } from '../model/account.js';
import { createId } from '../model/id.js';
import type { Workload } from '../model/workload.js';
import { readJson, readText } from './read-json.js';

/** POST //onepassword.authntoken.v1beta1.AuthTokenService/ExchangeToken: an OIDC token for an access token. */
export function exchangeToken({ body }: Exchange, accounts: readonly Account[]): Answer {
  const asked = readJson(body);
  const path = readText(asked, 'workload');
  const workload = workloadsOf(accounts).find((one) => one.path === path);
  if (!workload) throw new Refusal(404, 'unknown workload');
  const audience = path.split('/')[2] ?? '';
  if (!workload.accepts(readText(asked, 'subject_token'), audience))
    throw new Refusal(401, 'OIDC token not accepted');
  const json = { access_token: workload.createAccessToken(), token_type: 'Bearer', expires_in: '3600s' };
  return { status: 200, json };
}

/**
 * GET /credential-broker/v1alpha2/capabilities/environment-variables/configurations?filter=environment_id = "ID": how
 * the workload reads the Environment; none if it may not. What the ID of a real configuration looks like is unknown:
 * the SDK gets this far, and rejects this one.
 */
export function listConfigurations(exchange: Exchange, accounts: readonly Account[]): Answer {
  const workload = authorised(exchange, accounts);
  const filter = new URL(exchange.path, 'http://localhost').searchParams.get('filter') ?? '';
  const asked = /^environment_id = "([^"]*)"$/.exec(filter)?.[1];
  const results = workload.environments
    .filter(({ id }) => id === asked)
    .map(({ id }) => ({
      path: `configurations/${createId()}`,
      capability: 'CAPABILITY_TYPE_ENVIRONMENT_VARIABLES',
      environmentVariables: { environmentId: id },
    }));
  return { status: 200, json: { results } };
}

/**
 * GET /-/enclave/ID: not a request of the SDK. The real one goes to an attested enclave, which nobody but 1Password can
 * run; `workload-seam.mjs` sends this one instead.
 */
export function readEnclave(exchange: Exchange, accounts: readonly Account[]): Answer {
  const workload = authorised(exchange, accounts);
  const environment = workload.environments.find(({ id }) => id === exchange.parameters[0]);
  if (!environment) throw new Refusal(403, 'Environment out of reach');
  return { status: 200, json: { variables: environment.variables } };
}

/** The workload that an access token belongs to. @throws Refusal 401 */
function authorised({ authorization = '' }: Exchange, accounts: readonly Account[]): Workload {
  const token = authorization.replace(/^Bearer /, '');
  const workload = workloadsOf(accounts).find((one) => one.hasGiven(token));
  if (!workload) throw new Refusal(401, 'unknown access token');
  return workload;
}

function workloadsOf(accounts: readonly Account[]): readonly Workload[] {
  return accounts.flatMap(({ workloads }) => workloads);
}
