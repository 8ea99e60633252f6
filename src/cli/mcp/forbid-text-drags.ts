import type { BrowserContext } from '@playwright/test';

/**
 * A part of a text that is selected and dragged into a field can no longer be recognized. Elements that an application
 * makes draggable, links and pictures still work.
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
