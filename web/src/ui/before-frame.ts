/**
 * Runs a task of its own: before the next frame, where the browser lets a task say how urgent it is (`scheduler.postTask`), else
 * soon.
 */
export function beforeFrame(task: () => void): void {
  if (typeof scheduler === 'undefined') setTimeout(task);
  else void scheduler.postTask(task, { priority: 'user-blocking' });
}

/** Has the page styled and laid out. */
export const layOut = (): void => void document.body.getBoundingClientRect();

/** Has what changed laid out in a task of its own: the frame that shows it has less to do, and a key may come between the two. */
export const layOutSoon = (): void => beforeFrame(layOut);
