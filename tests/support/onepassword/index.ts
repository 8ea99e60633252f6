export { createOnePasswordServer } from './server.js';
export type { OnePasswordServer, OnePasswordServerOptions } from './server.js';
export type { Fault, FaultKind, FaultScope } from './http/fault.js';
export type { FaultHandle } from './http/faults.js';
export type { LoggedRequest } from './http/request-log.js';
export type { RequestPattern } from './http/request-pattern.js';
export type { RateLimit } from './http/rate-limiter.js';
export type { RouteName } from './routes/route.js';
export type { Account } from './model/account.js';
export type { Environment } from './model/environment.js';
export type { ServiceAccount } from './model/service-account.js';
export { formatJsonWebToken } from './model/workload.js';
export type { Workload } from './model/workload.js';
export type { Vault } from './model/vault.js';
export { TEMPLATES } from './model/item.js';
export type { Item, ItemCategory, ItemContents, ItemUrl } from './model/item.js';
export type { Permission } from './model/permission.js';
export { field, section, totpField } from './model/field.js';
export type { Field, FieldKind, Section } from './model/field.js';
export {
  apiCredentials,
  documentItem,
  item,
  login,
  passwordItem,
  secureNote,
} from './model/item-builders.js';
export { createFile, fileField } from './model/file.js';
export { VAULT_BITS } from './model/permission.js';
export { sshKey } from './model/ssh-key.js';
export { formatToken, parseToken } from './model/token.js';
