import type { Command } from 'commander';
import type { Act } from '../terminal/run-act.js';

/** Adds a command, or a group of commands, to the program. */
export type Registration = (program: Command, run: RunAct) => void;

/** Called by a command's action: runs its act, and prints the result. */
export type RunAct = (command: Command, act: Act) => Promise<void>;
