import type { ArrayExpression, Expression, ObjectExpression } from '@babel/types';
import { propertyOf, type FoundSetup, type SetupProject } from './find-setup-projects.js';
import { moveState, type MovedStates, type StatesMoved } from './move-states.js';
import { removeItem, type TextEdit } from './syntax-edits.js';
import { withoutTypes } from './wire-config.js';

/** The states of the config's `use` and of each project's. */
export function moveConfigStates(
  { config, projects, scope }: FoundSetup,
  { configFile, moved }: { readonly configFile: string; readonly moved: StatesMoved },
): MovedStates {
  const uses = [config, ...projects.map(({ node }) => node)].flatMap((one) => useOf(one));
  const all = uses.map((use) => moveState(use, { file: configFile, scope, moved }));
  return { edits: all.flatMap(({ edits }) => edits), left: all.flatMap(({ left }) => left) };
}

/** Removes setup projects, and the dependencies on them. */
export function removeSetups(
  configText: string,
  { projects }: FoundSetup,
  setups: readonly SetupProject[],
): readonly TextEdit[] {
  const gone = new Set(setups.map(({ name }) => name));
  const stay = projects.filter(({ node }) => !setups.some((one) => one.node === node));
  return [
    ...setups.map(({ node }) => removeItem(configText, node)),
    ...stay.flatMap(({ node }) => {
      const property = propertyOf(node, 'dependencies');
      if (property?.value.type !== 'ArrayExpression') return [];
      const removed = dependenciesOn(property.value, gone);
      return removed.length === property.value.elements.length && removed.length > 0
        ? [removeItem(configText, property)]
        : removed.map((one) => removeItem(configText, one));
    }),
  ];
}

function dependenciesOn({ elements }: ArrayExpression, gone: ReadonlySet<string | undefined>) {
  return elements.filter((one) => one?.type === 'StringLiteral').filter(({ value }) => gone.has(value));
}

function useOf(object: ObjectExpression): readonly ObjectExpression[] {
  const use = propertyOf(object, 'use');
  const value = use && withoutTypes(use.value as Expression);
  return value?.type === 'ObjectExpression' ? [value] : [];
}
