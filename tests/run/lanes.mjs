/** @typedef {import('./counts.mjs').Counts} Counts */

/**
 * @typedef {object} Stage
 * @property {string} title
 * @property {(print: (text: string) => void) => Promise<Counts>} run prints while it goes
 */

/**
 * Runs lanes side by side, and the stages of each one after the other; one that fails does not keep the next from
 * running. What they print comes in the order of the lanes, a stage at a time: the first that has not ended prints
 * as it goes, the others when it is their turn.
 *
 * @param {readonly (readonly Stage[])[]} lanes
 * @param {(text: string) => void} print
 * @returns {Promise<Counts[]>} of each stage
 */
export async function runLanes(lanes, print) {
  const turns = takeTurns(print);
  const ready = lanes.map((lane) => lane.map((stage) => ({ stage, turn: turns.next() })));
  const counts = await Promise.all(
    ready.map(async (lane) => {
      const own = [];
      for (const { stage, turn } of lane) own.push(await runStage(stage, turn));
      return own;
    }),
  );
  return counts.flat();
}

/**
 * @param {Stage} stage
 * @param {Turn} turn
 * @returns {Promise<Counts>}
 */
async function runStage({ title, run }, turn) {
  turn.print(`\n── ${title} ${'─'.repeat(Math.max(0, 60 - title.length))}\n`);
  try {
    return await run(turn.print);
  } catch (error) {
    turn.print(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    turn.end();
  }
}

/** @typedef {{ readonly print: (text: string) => void, readonly end: () => void }} Turn */

/** @param {(text: string) => void} print */
function takeTurns(print) {
  /** @type {{ waiting: string, ended: boolean }[]} */
  const queue = [];
  const flush = () => {
    for (let first = queue[0]; first; first = queue[0]) {
      if (first.waiting) print(first.waiting);
      first.waiting = '';
      if (!first.ended) return;
      queue.shift();
    }
  };
  return {
    /** @returns {Turn} */
    next() {
      const own = { waiting: '', ended: false };
      queue.push(own);
      return {
        print: (text) => {
          own.waiting += text;
          flush();
        },
        end: () => {
          own.ended = true;
          flush();
        },
      };
    },
  };
}
