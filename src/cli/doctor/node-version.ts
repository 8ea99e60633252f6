import { ok, trouble, type Check } from './finding.js';
import { compareVersions } from './compare-versions.js';

/** Whether the package supports this Node version. */
export const nodeVersion: Check = {
  id: 'node-version',
  examine: () => examineNode(process.versions.node),
};

export function examineNode(version: string) {
  if (compareVersions(version, oldest) >= 0) return [ok(`Node ${version}`)];
  return [
    trouble(
      `Node ${version} is too old.`,
      `Install Node ${oldest} or later.`,
      `Node ${oldest} is the oldest supported version.`,
    ),
  ];
}

const oldest = '20.19.0';
