import type { BrowserContext } from '@playwright/test';
import { createFieldBook, type FieldBook, type ToldText } from './field-book.js';
import { listenToFields } from './listen-to-fields.js';

/** Listens to input fields of pages: generated code does not distinguish password fields. Texts stay in memory. */
export async function watchTypedFields(context: BrowserContext): Promise<Omit<FieldBook, 'tell'>> {
  const book = createFieldBook();
  await context.exposeBinding(bindingName, (_, told: ToldText) => book.tell(told));
  await context.addInitScript(listenToFields, bindingName);
  return book;
}

const bindingName = '__authSessionTyped';
