import { MemberRouter } from 'typedoc-plugin-markdown';

/**
 * A plugin of TypeDoc: the pages of the main entry have no folder of their own, as when it was the only one. Links to
 * them stay the same.
 *
 * @param {import('typedoc').Application} app
 */
export function load(app) {
  app.renderer.defineRouter('entries', EntriesRouter);
}

class EntriesRouter extends MemberRouter {
  /** @override */
  entryModule = mainEntry;

  /**
   * @param {import('typedoc').ProjectReflection} project
   * @override
   */
  buildPages(project) {
    const pages = super.buildPages(project);
    this.fullUrls.set(project, `${this.entryFileName}${this.extension}`); // else every entry's page has its title
    return pages;
  }

  /**
   * @param {import('typedoc').Reflection} reflection
   * @override
   */
  getIdealBaseName(reflection) {
    return super.getIdealBaseName(reflection).replace(`${mainEntry}/`, '');
  }
}

/** As `@module` in fixtures/index.ts names it. */
const mainEntry = 'playwright-auth-sessions';
