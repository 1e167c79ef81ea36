import type { Page } from 'playwright-core';

/**
 * How far the page goes beyond its right or left edge, in CSS pixels: people would have to scroll sideways, or could not read it at
 * all. What scrolls sideways in a place of its own, as a wide table, may be as wide as it is; so may what only adorns, and what
 * nobody sees, as what stands for a switch where its form is sent, or a formula that is rehearsed.
 */
export const overflowOf = async (page: Page): Promise<number> =>
  Number(
    await page.evaluate(`(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const isOwnPlace = (element) => !element.matches('[data-scrolls], main, body, html')
        && getComputedStyle(element).overflowX !== 'visible';
      const isInOwnPlace = (element) => {
        for (let each = element; each; each = each.parentElement) if (isOwnPlace(each)) return true;
        return false;
      };
      const isSeen = (element) => getComputedStyle(element).visibility === 'visible';
      const says = (element) => isSeen(element) && (element.matches('button, a, input:not([aria-hidden=true]), textarea, select, img')
        || [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()));
      const beyond = [...document.body.querySelectorAll('*')].filter(says).map((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 0 ? [element, Math.max(-left, right - clientWidth)] : [element, 0];
      });
      return Math.ceil(Math.max(0, scrollWidth - clientWidth,
        ...beyond.filter(([element, px]) => px > 0.5 && !isInOwnPlace(element)).map(([, px]) => px)));
    })()`),
  );

/** How far the page can be scrolled sideways, in CSS pixels. */
export const sidewaysOf = async (page: Page): Promise<number> =>
  Number(
    await page.evaluate('Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)'),
  );

/**
 * Waits until what moves has come to rest, and what a change of the window or the theme sets in motion a frame later too; what
 * never does, as the caret of an answer, is not waited for.
 */
export const comeToRest = async (page: Page): Promise<void> => {
  await page.evaluate(`(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const moving = () => document.getAnimations().filter(({ playState, effect }) =>
      playState === 'running' && effect.getComputedTiming().endTime !== Infinity);
    do {
      await Promise.allSettled(moving().map(({ finished }) => finished));
      await frame();
      await frame();
    } while (moving().length > 0);
  })()`);
};

/** Waits until the list of messages stands still over some frames. */
export const comeToStand = async (page: Page): Promise<void> => {
  await page.evaluate(`new Promise((resolve) => {
    const scroller = document.querySelector('[role=log]').closest('[data-scrolls]');
    let [last, still] = ['', 0];
    const look = () => {
      const now = scroller.scrollTop + '/' + scroller.scrollHeight;
      still = now === last ? still + 1 : 0;
      last = now;
      if (still < 6) requestAnimationFrame(look);
      else resolve();
    };
    look();
  })`);
};
