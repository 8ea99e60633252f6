import { expect, test } from '@playwright/test';
import { brokerEnvironment, brokerNodeArguments } from '../../src/run/broker-environment.js';
import { keptNodeOptions } from '../../src/run/node-options.js';

const temporary = '/run/x';
const places = { TMPDIR: temporary, TEMP: temporary, TMP: temporary };

test('the broker inherits nothing that has Node, Playwright or a browser write down what they do', () => {
  const env = brokerEnvironment(
    {
      ...{ NODE_DEBUG: '*', node_debug: 'net', NODE_DEBUG_NATIVE: 'x', NODE_V8_COVERAGE: 'c' },
      ...{
        NODE_REDIRECT_WARNINGS: 'w',
        NODE_OF_THE_FUTURE: 'f',
        DEBUG: '*',
        DEBUG_FILE: 'f',
        PW_TEST_X: '1',
      },
      ...{
        TEST_WORKER_INDEX: '1',
        PWDEBUG: '1',
        SSLKEYLOGFILE: 'k',
        MOZ_LOG_FILE: 'm',
        NSPR_LOG_MODULES: 'n',
      },
      ...{ CHROME_LOG_FILE: 'c', VSCODE_INSPECTOR_OPTIONS: '{}', OP_SERVICE_ACCOUNT_TOKEN: 't' },
      ...{ OP_SERVICE_ACCOUNT_TOKEN_STAGING: 't', op_service_account_token_qa_file: '/f' },
      ...{ AUTH_SESSIONS_VAULT_TOKEN: 't' },
      ...{ AUTH_SESSIONS_KEY: 'k', NODE_OPTIONS: '--inspect' },
    },
    { temporary },
  );
  expect(env).toEqual({ NODE_OPTIONS: '', ...places });
});

test('the broker inherits what its flows and its connections need', () => {
  const needed = {
    ...{ PATH: '/bin', HOME: '/h', NODE_ENV: 'test', NODE_CONFIG_DIR: 'c', NODE_PATH: 'p' },
    ...{ NODE_EXTRA_CA_CERTS: 'ca.pem', NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://p' },
    NODE_OPTIONS: '--require ./.pnp.cjs --use-system-ca',
  };
  expect(brokerEnvironment({ ...needed, TMPDIR: '/tmp' }, { temporary })).toEqual({ ...needed, ...places });
});

test('options of Node that open a debugger, or write memory, reports, traces or keys, are dropped', () => {
  const options = [...process.allowedNodeEnvironmentFlags];
  const writing = options.filter((name) =>
    /inspect|debug-port|report|heap-?snap|prof|^--trace-|diagnostic-dir|abort|redirect|perf|keylog/.test(
      name,
    ),
  );
  expect(writing.length).toBeGreaterThan(20);
  for (const name of writing) {
    const underscored = name.replaceAll('-', '_').replace('__', '--');
    for (const text of [name, underscored, `${name}=1`, `${name} 1`, `"${name}" "a b"`])
      expect(keptNodeOptions(`${text} --no-warnings`), text).toBe('--no-warnings');
  }
  for (const unknown of ['--of-the-future', '--tls-keylog=/x', 'stray', '""', '-', '--'])
    expect(keptNodeOptions(unknown), unknown).toBe('');
});

test('options of Node that load modules, reach the network or set limits are kept as they are', () => {
  for (const kept of [
    '--require ./a.js -r b --import "./a b.mjs" --loader=x --conditions dev -C dev',
    '"--require" "./a \\"b\\" c.js"',
    '--max-old-space-size=100 --max_old_space_size=100 --stack-trace-limit=50',
    '--no-warnings --no-deprecation --preserve-symlinks --no-network-family-autoselection',
    '--use-openssl-ca --dns-result-order ipv4first --tls-cipher-list=DEFAULT@SECLEVEL=1 --openssl-legacy-provider',
  ]) {
    expect(keptNodeOptions(kept)).toBe(kept);
    expect(keptNodeOptions(`--inspect 0 ${kept} --cpu-prof-dir "/a b"`)).toBe(kept);
  }
});

test('a dropped option hides in no value, and no value in a dropped option', () => {
  expect(keptNodeOptions('--require --inspect')).toBe('--require');
  expect(keptNodeOptions('--cpu-prof-dir "--require x"')).toBe('');
  expect(keptNodeOptions('"--ins""pect"=0 --ins"pect" --require "--inspect x"')).toBe('--require');
});

test('the debugger of the broker has no address', () => {
  expect(brokerNodeArguments()).toContain('--inspect-port=192.0.2.1:9229');
});
