/** What `require` gives: the same module. Compilers that would rather see `import()` here resolve it all the same.
 * @ts-ignore */
import entry = require('./index.js');
export = entry;
