import type { Page } from 'playwright-core';
import { comeToRest } from './layout.ts';

/** What has the focus, by what a screen reader would call it, and whether it can be seen that it has. */
interface Focus {
  readonly name: string;
  readonly isMarked: boolean;
}

const focus = `(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return { name: '', isMarked: false };
  const labels = element.labels?.[0] ?? document.getElementById(element.getAttribute('aria-labelledby'));
  const name = element.getAttribute('aria-label') || labels?.textContent || element.textContent || element.tagName;
  const lamp = document.createElement('i');
  lamp.style.color = 'var(--color-lamp-strong)';
  document.body.append(lamp);
  const accent = getComputedStyle(lamp).color;
  lamp.remove();
  const { width, height, top, bottom } = element.getBoundingClientRect();
  const isInView = width > 0 && height > 0 && bottom > 0 && top < innerHeight;
  const isMarked = [element, element.closest('form')].some((each) => {
    if (!each) return false;
    const { outlineStyle, outlineWidth, borderTopColor } = getComputedStyle(each);
    return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || borderTopColor === accent;
  });
  return { name: name.trim(), isMarked: isInView && isMarked };
})()`;

/** Somebody who has no pointer. Each step throws where the focus is lost, or cannot be seen. */
export class KeyboardPerson {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async focus(): Promise<string> {
    await comeToRest(this.page);
    const { name, isMarked } = (await this.page.evaluate(focus)) as Focus;
    if (!name) throw new Error('The focus is lost.');
    if (!isMarked) throw new Error(`It cannot be seen that the focus is on ${name}.`);
    return name;
  }

  press(key: string): Promise<void> {
    return this.page.keyboard.press(key);
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** Goes on, or back, until what this names has the focus. */
  async goTo(name: string | RegExp, { key = 'Tab', most = 60 } = {}): Promise<void> {
    const passed: string[] = [];
    while (passed.length < most) {
      await this.press(key);
      const reached = await this.focus();
      if (typeof name === 'string' ? reached === name : name.test(reached)) return;
      passed.push(reached);
    }
    throw new Error(`${name} was not reached by ${key}: ${passed.join(', ')}`);
  }
}
