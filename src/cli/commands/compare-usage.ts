import type { LoggedItem } from './access-logs.js';
import type { ReportedUse } from './usage-report.js';

export interface UsageComparison {
  /** In the report, and in no log: somebody else used the token, or a log is missing. */
  readonly unknown: readonly ReportedUse[];
  /** In both, but last used after the last logged read. */
  readonly later: readonly { readonly use: ReportedUse; readonly logged: LoggedItem }[];
  /** In a log, and not in the report: outside its dates, or of another service account. */
  readonly unreported: readonly LoggedItem[];
  /** In both. */
  readonly known: number;
}

/** Compares items of 1Password's report with those of the logs. */
export function compareUsage(report: readonly ReportedUse[], logged: readonly LoggedItem[]): UsageComparison {
  const pairs = report.map((use) => ({ use, logs: logged.filter((one) => isOf(use, one)) }));
  const known = new Set(pairs.flatMap(({ logs }) => logs));
  return {
    unknown: pairs.filter(({ logs }) => logs.length === 0).map(({ use }) => use),
    later: pairs.flatMap(({ use, logs }) => {
      const [last] = [...logs].sort((one, other) => other.lastMs - one.lastMs);
      const isLater = last && use.lastUsedMs !== undefined && use.lastUsedMs - last.lastMs > toleranceMs;
      return isLater ? [{ use, logged: last }] : [];
    }),
    unreported: logged.filter((one) => !known.has(one)),
    known: pairs.filter(({ logs }) => logs.length > 0).length,
  };
}

/** References name vaults and items by title or by ID, in any case. */
function isOf(use: ReportedUse, logged: LoggedItem): boolean {
  const isNamed = (name: string, ...names: readonly (string | undefined)[]) =>
    names.some((one) => one?.toLowerCase() === name.toLowerCase());
  const hasVault = use.vault !== undefined || use.vaultId !== undefined;
  return (
    isNamed(logged.item, use.item, use.itemId) && (!hasVault || isNamed(logged.vault, use.vault, use.vaultId))
  );
}

/** The log has the end of a read by this machine's clock, and the report its start by 1Password's. */
const toleranceMs = 5 * 60_000;
