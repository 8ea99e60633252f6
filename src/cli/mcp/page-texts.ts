import type { Frame, Page } from '@playwright/test';
import { within } from '../../time/within.js';

/** The visible text of a page, and the part of it that can be edited. */
export interface PageTexts {
  readonly shown: readonly string[];
  readonly editable: readonly string[];
}

/** Includes shadow roots and frames. `undefined` if unknown, for example if the page has a dialog. */
export async function readPage(page: Page): Promise<PageTexts | undefined> {
  const parts = await Promise.all([
    ...page.frames().map((frame) => within(patienceMs, frame.evaluate(readDocument))),
    ...(isChromium(page)
      ? [page, ...page.frames()].map((one) => within(patienceMs, readRendered(one, page)))
      : []),
  ]);
  if (parts.some((part) => part === undefined)) return undefined;
  const all = parts.filter((part) => part !== undefined);
  return { shown: all.flatMap(({ shown }) => shown), editable: all.flatMap(({ editable }) => editable) };
}

/** Runs in the page in any browser, where closed shadow roots are not accessible. */
function readDocument(): PageTexts {
  const shown: string[] = [];
  const editable: string[] = [];
  const visit = (root: Document | ShadowRoot): void => {
    for (const child of root.childNodes)
      shown.push(child instanceof HTMLElement ? child.innerText : (child.textContent ?? ''));
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) visit(element.shadowRoot);
      if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
        if (element.type === 'hidden') continue;
        if (element.type !== 'password') shown.push(element.value);
        shown.push(element.placeholder);
        if (!element.readOnly && !element.disabled) editable.push(element.value);
      } else if (element instanceof HTMLElement && element.contentEditable !== 'inherit')
        editable.push(element.innerText);
    }
  };
  visit(document);
  if (document.designMode === 'on') editable.push(document.documentElement.innerText);
  return { shown: [...shown, shown.join('')], editable };
}

/**
 * Reads Chromium's layout, including text added by styles and closed shadow roots. Skips frames in the page's own
 * process, which the page's layout contains.
 */
async function readRendered(target: Page | Frame, page: Page): Promise<PageTexts> {
  const session = await page
    .context()
    .newCDPSession(target)
    .catch((error: unknown) => {
      if (target === page || !String(error).includes('separate CDP session')) throw error;
      return undefined;
    });
  if (!session) return { shown: [], editable: [] };
  try {
    const { documents, strings } = await session.send('DOMSnapshot.captureSnapshot', { computedStyles: [] });
    const parts = documents.map((one) => textsOf(one, strings));
    return {
      shown: parts.flatMap(({ shown }) => shown),
      editable: parts.flatMap(({ editable }) => editable),
    };
  } finally {
    await session.detach().catch(() => undefined);
  }
}

/** The parts of `DOMSnapshot.DocumentSnapshot` that are read. Texts are indexes into a list of strings. */
interface LaidOut {
  readonly nodes: {
    readonly parentIndex?: readonly number[];
    readonly attributes?: readonly (readonly number[])[];
    readonly textValue?: RareTexts;
    readonly inputValue?: RareTexts;
  };
  readonly layout: { readonly nodeIndex: readonly number[]; readonly text: readonly number[] };
}

interface RareTexts {
  readonly index: readonly number[];
  readonly value: readonly number[];
}

function textsOf({ nodes, layout }: LaidOut, strings: readonly string[]): PageTexts {
  const attributesOf = (node: number) => {
    const words = (nodes.attributes?.[node] ?? []).map((place) => strings[place] ?? '');
    return new Map(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? '']] : [])));
  };
  const isFixed = (node: number) => {
    const attributes = attributesOf(node);
    return attributes.has('readonly') || attributes.has('disabled') || attributes.get('type') === 'hidden';
  };
  const isInEditable = (node: number): boolean => {
    for (let at = node; at >= 0; at = nodes.parentIndex?.[at] ?? -1) {
      const says = attributesOf(at).get('contenteditable');
      if (says !== undefined) return says !== 'false';
    }
    return false;
  };
  const fields = [nodes.textValue, nodes.inputValue].flatMap((rare) =>
    (rare?.index ?? []).flatMap((node, at) => (isFixed(node) ? [] : [strings[rare?.value[at] ?? -1] ?? ''])),
  );
  const laid = layout.nodeIndex.map((node, at) => ({ node, text: strings[layout.text[at] ?? -1] ?? '' }));
  const texts = laid.filter(({ text }) => text !== '');
  const rich = texts.filter(({ node }) => isInEditable(node)).map(({ text }) => text);
  return {
    shown: [texts.map(({ text }) => text).join('\n'), texts.map(({ text }) => text).join('')],
    editable: [...fields, rich.join('\n'), rich.join('')],
  };
}

function isChromium(page: Page): boolean {
  const name = page.context().browser()?.browserType().name();
  return name !== 'firefox' && name !== 'webkit';
}

const patienceMs = 1500;
