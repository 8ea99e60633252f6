import type { Command } from 'commander';
import type { Act } from '../terminal/run-act.js';

/** Adds one command, or a group of them, to the program. */
export type Registration = (program: Command, run: RunAct) => void;

/** What a command's action calls: runs its act, and prints what came of it. */
export type RunAct = (command: Command, act: Act) => Promise<void>;
