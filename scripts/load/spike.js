// Spike: everybody comes at once. Run it by `npm run load -- spike --url https://chat.example.org`; see docs/load-tests.md.
import { loadTest } from './load-test.js';
import { summarise } from './result/summarise.js';

const { settings, options, setup, seat } = loadTest('spike');

export { options, setup };
export default seat;
/** @param {any} data */
export const handleSummary = (data) => summarise(data, settings);
