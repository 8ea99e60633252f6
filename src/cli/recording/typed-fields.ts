import type { BrowserContext } from '@playwright/test';
import { createFieldBook, type FieldBook, type ToldText } from './field-book.js';
import { listenToFields } from './listen-to-fields.js';

/**
 * Hears what is typed into the fields of pages: the generated code does not tell a password's field from another's.
 * It stays in memory.
 */
export async function watchTypedFields(context: BrowserContext): Promise<Omit<FieldBook, 'tell'>> {
  const book = createFieldBook();
  await context.exposeBinding(bindingName, (_, told: ToldText) => book.tell(told));
  await context.addInitScript(listenToFields, bindingName);
  return book;
}

const bindingName = '__authSessionTyped';
