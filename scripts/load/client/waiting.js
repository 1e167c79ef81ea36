// Waiting, and how long to.
import { setTimeout } from 'k6/timers';

const firstMs = 300;
const longestMs = 8_000;

/** @param {number} ms */
export const wait = (ms) => new Promise((resolve) => setTimeout(() => resolve(undefined), Math.max(0, ms)));

/**
 * Full jitter: evenly between 0 and a doubling limit, so that those who lost one server do not come back together.
 * @param {number} failures Tries that failed, from 0.
 */
export const backOff = (failures) => Math.random() * Math.min(longestMs, firstMs * 2 ** Math.min(failures, 10));

/** About `ms`, from half to one and a half of it. @param {number} ms */
export const about = (ms) => ms * (0.5 + Math.random());

/** @param {number} percent */
export const chance = (percent) => Math.random() * 100 < percent;
