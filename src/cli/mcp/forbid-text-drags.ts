import type { BrowserContext } from '@playwright/test';

/**
 * A part of a text that is marked and dragged into a field is no longer known for what it is. What an application has
 * made draggable, links and pictures can be dragged as ever.
 */
export async function forbidTextDrags(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.addEventListener(
      'dragstart',
      (event) => {
        const [start] = event.composedPath();
        const isDraggable = (element: EventTarget) => element instanceof HTMLElement && element.draggable;
        const isText = !(start instanceof Element) || start.matches('input, textarea');
        if (isText || !event.composedPath().some(isDraggable)) event.preventDefault();
      },
      { capture: true },
    );
  });
}
