export { above } from '../../files/above.js';
