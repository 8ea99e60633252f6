import type { AuthSessionDeclaration } from './auth-session.js';
import type { DeclaredSession } from './declared-session.js';
import type { PoolAccount } from './pool-account.js';
import { readAccess } from './session-access.js';
import type { SecretReference } from './secret-reference.js';
import { sessionDefaults } from './session-defaults.js';
import type { SessionAccessOptions, SessionUseOptions } from './session-options.js';
import {
  loginParameters,
  mailAddress,
  mailValues,
  missingParameters,
  parseParameters,
  tooManyCodes,
  type LoadedFlow,
  type ParameterOptions,
} from './session-parameters.js';

export interface CompleteSessionOptions extends ParameterOptions {
  readonly loaded: LoadedFlow;
  readonly account?: PoolAccount | undefined;
  /** The suite's, for sessions without `websites`. */
  readonly suiteWebsites?: 'ignore' | undefined;
}

/** Fills in a validated declaration. Adds every problem with its parameters to `errors`. */
export function completeSession(
  name: string,
  declaration: AuthSessionDeclaration,
  { loaded, variables, errors, account, suiteWebsites }: CompleteSessionOptions,
): DeclaredSession {
  const websites = declaration.websites ?? suiteWebsites;
  const given =
    'parameters' in declaration && declaration.parameters
      ? parseParameters(name, declaration.parameters, { variables, errors })
      : [];
  const references = [...loginParameters(name, declaration, { given, loaded, variables, errors }), ...given];
  const uses: SessionUseOptions = declaration.type === 'runtime' ? {} : declaration;
  const exclusive = uses.exclusive ?? sessionDefaults.exclusive;
  const codes = references.filter(([, reference]) => reference.kind === 'totp');
  if (codes.length > 1)
    errors.push(
      tooManyCodes(
        name,
        codes.map(([parameter]) => parameter),
      ),
    );
  const values = new Map(references.filter(([, reference]) => reference.kind !== 'totp'));
  const mail = 'mailbox' in declaration ? declaration.mailbox : undefined;
  if (declaration.type === undefined || declaration.type === 'credentials')
    if (loaded.flow && errors.length === 0) errors.push(...missingParameters(name, loaded.flow, values));
  const { access, values: accessValues } = readAccess(name, accessIn(declaration), { variables, errors });
  const vault = 'vault' in declaration ? declaration.vault : undefined;
  const at = (reference: SecretReference) =>
    vault === undefined ? reference : { ...reference, connection: vault };
  const all = [...values, ...accessValues, ...mailValues(name, mail, { variables, errors })];
  return {
    name,
    type: declaration.type ?? 'credentials',
    flow: loaded.flow,
    flowDigest: loaded.digest,
    values: new Map(all.map(([parameter, reference]) => [parameter, at(reference)])),
    ...(access && { access }),
    code: codes[0] && at(codes[0][1]),
    baseURL: declaration.baseURL,
    ttlSeconds: declaration.ttlSeconds ?? sessionDefaults.ttlSeconds,
    minRemainingSeconds: declaration.minRemainingSeconds ?? sessionDefaults.minSessionSeconds,
    trustSeconds: declaration.trustSeconds ?? sessionDefaults.trustSeconds,
    checkAttempts: declaration.checkAttempts ?? sessionDefaults.checkAttempts,
    createAttempts: declaration.createAttempts ?? sessionDefaults.createAttempts,
    renew: declaration.renew ?? sessionDefaults.renew,
    writeBack: exclusive ? 'test' : (declaration.writeBack ?? sessionDefaults.writeBack),
    restore: declaration.restore ?? sessionDefaults.restore,
    proxy: declaration.proxy,
    contextOptions: declaration.contextOptions ?? {},
    totp: declaration.totp ?? {},
    ...(websites !== undefined && { websites }),
    exclusive,
    maxConcurrentUses: exclusive ? 1 : uses.maxConcurrentUses,
    maxWaitSeconds: uses.maxWaitSeconds ?? sessionDefaults.maxWaitSeconds,
    account,
    ...(vault !== undefined && { vault }),
    mailbox: mail && { options: mail, address: mailAddress(mail, variables) },
  };
}

function accessIn(declaration: AuthSessionDeclaration): SessionAccessOptions {
  return declaration.type === undefined || declaration.type === 'credentials' ? declaration : {};
}
