import { declareSecrets, registerDeclared, registerVariables } from './declared-secrets.js';
import { registerPage, registerSecret } from './register-secrets.js';

/**
 * The moments at which values become known to a runner, a worker or a script, before anything shows them. A variable that the
 * config declares as secret may get its value at any time, so it is read again before something leaves the process.
 */
export const registerAt = {
  /** Runner and worker: the declared values, before the config prints anything. */
  configLoad: declareSecrets,
  /** Script: what Playwright's reading of the config has declared, before the broker starts. */
  suiteRead: registerDeclared,
  /** Runner, before it prints: a global setup may have set a variable. */
  runnerOutput: () => registerVariables(),
  /** Runner, before reporters see the tests. */
  testsBegin: () => registerVariables(),
  /** Worker, before it sends: a test file may have read a dotenv file. */
  workerMessage: () => registerVariables(),
  /** Runner, before it searches the files: a global teardown may have set a variable. */
  leakCheck: () => registerVariables(),
  /** Runner: the broker waits for it before it answers a worker. */
  brokerSecret: registerSecret,
  /** Worker: before it gets the answer, which may contain the values. */
  brokerAnswer: registerPage,
} as const;
