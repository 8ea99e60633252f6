import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { test } from '@playwright/test';
import { findOnPath } from '../find-on-path.js';
import { freePort } from '../ports.js';

export interface Dovecot {
  readonly host: 'localhost';
  readonly port: number;
  readonly tlsPort: number;
  /** The authority of its certificate. */
  readonly caFile: string;
  readonly username: 'qa';
  readonly password: string;
  /** Puts a message into the mailbox, as a mail server's delivery does. */
  deliver(source: string | Buffer): Promise<void>;
  /** Ends all connections, and starts again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Skips where there is no Dovecot, and says how to get it; on CI that is a failure. */
export function requireDovecot(): void {
  const isMissing = findDovecot() === undefined;
  if (isMissing && process.env.CI) throw new Error(`This test ${howToGetIt}`);
  test.skip(isMissing, howToGetIt);
}

/** An IMAP server with one mailbox, in a folder that is removed when it stops. Runs as any user. */
export async function startDovecot(password: string): Promise<Dovecot> {
  const folder = await mkdtemp(path.join(tmpdir(), 'd-'));
  const [port, tlsPort] = [await freePort(), await freePort()];
  const caFile = makeCertificate(folder);
  const owner = mailUser();
  const maildir = path.join(folder, 'qa/Maildir');
  for (const one of [
    folder,
    path.dirname(maildir),
    maildir,
    ...['new', 'cur', 'tmp'].map((name) => path.join(maildir, name)),
  ]) {
    mkdirSync(one, { recursive: true });
    chownSync(one, owner.uid, owner.gid);
  }
  writeFileSync(path.join(folder, 'users'), `qa:{PLAIN}${password}\n`);
  const config = path.join(folder, 'dovecot.conf');
  writeFileSync(config, configText({ folder, port, tlsPort, owner }));
  let server = await run(config, port);
  return {
    ...{ host: 'localhost', port, tlsPort, caFile, username: 'qa', password },
    async deliver(source) {
      const name = `${Date.now()}.${randomUUID()}.test`;
      const written = path.join(maildir, 'tmp', name);
      await writeFile(written, source, { mode: 0o644 });
      await rename(written, path.join(maildir, 'new', name));
    },
    async restart() {
      await server.stop();
      server = await run(config, port);
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function run(config: string, port: number): Promise<{ stop(): Promise<void> }> {
  const server = spawn(findDovecot() ?? 'dovecot', ['-F', '-c', config], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  while (!(await answers(port)))
    if (server.exitCode !== null) throw new Error(`dovecot ended at its start: ${checkConfig(config)}`);
  return {
    async stop() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

/** Whether it greets. */
async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  const greeted = await new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
  socket.destroy();
  if (!greeted) await setTimeout(20);
  return greeted;
}

function checkConfig(config: string): string {
  try {
    return execFileSync('doveconf', ['-c', config, '-n'], { encoding: 'utf8' });
  } catch (error) {
    return String(error);
  }
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
  /** The system's own user if the test does not run as root. */
  readonly name: string | undefined;
}

/** Mail never belongs to root. */
function mailUser(): Owner {
  const { uid, gid, username } = userInfo();
  if (uid !== 0) return { uid, gid, name: username };
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'dovecot'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g'), name: undefined };
}

interface ConfigParts {
  readonly folder: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly owner: Owner;
}

function configText({ folder, port, tlsPort, owner }: ConfigParts): string {
  const own =
    owner.name === undefined
      ? ''
      : `
default_login_user = ${owner.name}
default_internal_user = ${owner.name}
default_internal_group = ${execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()}
`;
  return `${isNewSyntax() ? newSyntax(folder, owner) : oldSyntax(folder, owner)}
protocols = imap
listen = 127.0.0.1, ::1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
ssl = yes
first_valid_uid = 1
first_valid_gid = 1
auth_mechanisms = plain login
auth_failure_delay = 0
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
${own}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
    ssl = yes
  }
}
`;
}

function oldSyntax(folder: string, { uid, gid }: Owner): string {
  return `
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/%u
}`;
}

/** Of Dovecot 2.4. */
function newSyntax(folder: string, { uid, gid }: Owner): string {
  return `
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = ~/Maildir
ssl_server_cert_file = ${folder}/cert.pem
ssl_server_key_file = ${folder}/key.pem
passdb passwd-file {
  passwd_file_path = ${folder}/users
}
userdb static {
  fields {
    uid = ${uid}
    gid = ${gid}
    home = ${folder}/%{user}
  }
}`;
}

function isNewSyntax(): boolean {
  const version = execFileSync(findDovecot() ?? 'dovecot', ['--version'], { encoding: 'utf8' });
  return !/^2\.[0-3]\./.test(version);
}

function makeCertificate(folder: string): string {
  const [certificate, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
  ];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', [...request, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return certificate;
}

function findDovecot(): string | undefined {
  return findOnPath('dovecot') ?? ['/usr/sbin/dovecot'].find((file) => existsSync(file));
}

const howToGetIt = 'needs dovecot: sudo apt-get install dovecot-imapd';
