// Soak: the same load for hours. Run it by `npm run load -- soak --url https://chat.example.org`; see docs/load-tests.md.
import { loadTest } from './load-test.js';
import { summarise } from './result/summarise.js';

const { settings, options, setup, seat } = loadTest('soak');

export { options, setup };
export default seat;
/** @param {any} data */
export const handleSummary = (data) => summarise(data, settings);
