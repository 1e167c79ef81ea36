/** Until what is waited for is there. */
const mostMs = 30_000;

/**
 * Code for the page, which is there from the beginning: what the measurements ask with. Code that came with each question would
 * stay in the heap that is measured.
 */
export const inPage = `window.inPage = {
  /** Waits until something holds, which is asked with each frame. */
  until(holds) {
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + ${mostMs};
      const look = () => {
        if (holds()) resolve();
        else if (performance.now() > deadline) reject(new Error('It never came to this: ' + holds));
        else requestAnimationFrame(look);
      };
      look();
    });
  },

  /** When the page had rehearsed what draws answers, in ms since it began to load. */
  async rehearsed() {
    const mark = () => performance.getEntriesByName('maths rehearsed')[0];
    await this.until(mark);
    return mark().startTime;
  },

  link: (id) => document.querySelector('nav a[href="/c/' + id + '"]'),

  /** The middle of a conversation's link in the list, which has its beginning alone until somebody scrolls. */
  async bringIntoSight(id) {
    await this.until(() => this.link(id) || void [...document.querySelectorAll('nav a[href^="/c/"]')].at(-1)?.scrollIntoView());
    this.link(id).scrollIntoView({ block: 'nearest' });
    const { x, y, width, height } = this.link(id).getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  },

  /** \`opened\` is how long it takes from the click on a conversation's link until its message is in sight and painted, in ms. */
  watchOpening(id, messageId) {
    const isShown = () => {
      const box = document.querySelector('[data-message-id="' + messageId + '"]')?.getBoundingClientRect();
      return box && box.height > 0 && box.top < innerHeight && box.bottom > 0;
    };
    const clicked = new Promise((resolve, reject) => {
      const never = setTimeout(() => reject(new Error('Nobody clicked on ' + id)), ${mostMs});
      const click = () => {
        clearTimeout(never);
        resolve(performance.now());
      };
      this.link(id).addEventListener('click', click, { once: true, capture: true });
    });
    this.opened = clicked.then(async (begin) => {
      await this.until(isShown);
      // A frame's callbacks come before its paint, and what is due at once after it.
      await new Promise((resolve) => setTimeout(resolve));
      return performance.now() - begin;
    });
  },
};`;
