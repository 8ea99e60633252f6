import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { cachedTarball } from './cached-tarball.js';

/** A package registry on loopback, with what lock files name, for installs without a network and without a past. */
export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

export interface RegistryOptions {
  /** Folders with a package-lock.json whose packages are installed there. */
  readonly folders: readonly string[];
  /** This package: a tarball, and its package.json. */
  readonly own: { readonly tarball: string; readonly manifest: Manifest };
}

/** What a package manager reads of one version; a lock file has the same fields. */
export interface Manifest {
  readonly name?: string;
  readonly version: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly [field: string]: unknown;
}

interface Version {
  readonly manifest: Manifest;
  /** `undefined` for a package that is not installed, being for another system. */
  readonly tarball: () => Promise<Buffer | undefined>;
}

type Packages = ReadonlyMap<string, readonly Version[]>;

/**
 * Serves each package's document at `/NAME`, one version of it at `/NAME/TAG`, and tarballs below `/-/`. A tarball comes from npm's cache, or is
 * packed from the folder it is installed in.
 */
export async function createRegistry({ folders, own }: RegistryOptions): Promise<Registry> {
  const packages = new Map<string, Version[]>();
  const add = (name: string, version: Version) =>
    packages.set(name, [...(packages.get(name) ?? []), version]);
  const ownBytes = () => Promise.resolve(readFileSync(own.tarball));
  add(own.manifest.name ?? '', { manifest: own.manifest, tarball: ownBytes });
  for (const [name, version] of folders.flatMap(readLock)) add(name, version);
  const server = createServer((request, response) => {
    answer(request, response, packages).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: urlOf(server), close: () => closeServer(server) };
}

function readLock(folder: string): readonly (readonly [string, Version])[] {
  const lock = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Manifest>;
  };
  const nearestFirst = Object.entries(lock.packages).sort(([one], [other]) => depthOf(one) - depthOf(other));
  return nearestFirst.flatMap(([place, manifest]) => {
    if (place === '' || manifest.link) return [];
    const name = manifest.name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const tarball = () => cachedTarball(manifest.integrity, path.join(folder, place));
    return [[name, { manifest: { ...manifest, name }, tarball }] as const];
  });
}

function depthOf(place: string): number {
  return place.split('node_modules/').length;
}

async function answer(request: IncomingMessage, response: ServerResponse, packages: Packages) {
  const { pathname, origin } = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`);
  const route = decodeURIComponent(pathname.slice(1));
  const [, tarballOf = '', tarballVersion] = /^-\/(.+)\/([^/]+)\.tgz$/.exec(route) ?? [];
  const packed = packages.get(tarballOf)?.find(({ manifest }) => manifest.version === tarballVersion);
  if (packed) return response.end(await packed.tarball());
  const [, name = '', tag] = /^((?:@[^/]+\/)?[^/]+)(?:\/([^/]+))?$/.exec(route) ?? [];
  const document = await documentOf(name, packages.get(name) ?? [], origin);
  const found = tag === undefined ? document : document?.versions[tag === 'latest' ? document.latest : tag];
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
  return response.end(JSON.stringify(found ?? {}));
}

/** The first version that was added is the latest: what is at the top of a lock file comes before what is nested. */
async function documentOf(name: string, versions: readonly Version[], origin: string) {
  const [first] = versions;
  if (!first) return undefined;
  const entries = versions.map(async ({ manifest, tarball: read }) => {
    const { version, integrity: locked, ...fields } = manifest;
    const bytes = await read();
    const integrity = bytes ? `sha512-${createHash('sha512').update(bytes).digest('base64')}` : locked;
    const tarball = `${origin}/-/${name}/${version}.tgz`;
    return [version, { ...fields, name, version, dist: { tarball, integrity } }] as const;
  });
  const { version: latest } = first.manifest;
  const manifests: Readonly<Record<string, object>> = Object.fromEntries(await Promise.all(entries));
  return { name, latest, 'dist-tags': { latest }, versions: manifests };
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
