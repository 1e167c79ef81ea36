// Average: an ordinary day in short. Run it by `npm run load -- average --url https://chat.example.org`; see docs/load-tests.md.
import { loadTest } from './load-test.js';
import { summarise } from './result/summarise.js';

const { settings, options, setup, seat } = loadTest('average');

export { options, setup };
export default seat;
/** @param {any} data */
export const handleSummary = (data) => summarise(data, settings);
