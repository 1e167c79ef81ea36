import { expect, test } from 'vitest';
import { withMaths } from './maths-marks.ts';

test.each([
  ['prices stay prices', 'from $5 to $10, or $5-$10', 'from $5 to $10, or $5-$10'],
  ['maths in a line', 'so $x^2$ is', 'so $$x^2$$ is'],
  ['brackets in a line', 'so \\(x\\) is', 'so $$x$$ is'],
  ['brackets alone on their line', '\\[x\\]', '$$\nx\n$$'],
  ['brackets over lines', '\\[\nx\n\\]', '$$\nx\n$$'],
  ['dollars alone on their line', '$$x$$', '$$\nx\n$$'],
  ['dollars in a line', 'a $$x$$ b', 'a $$x$$ b'],
  ['code is no maths', '`$x$` and `` \\(y\\) ``', '`$x$` and `` \\(y\\) ``'],
  ['an escaped dollar is none', '\\$x$ y$', '\\$x$ y$'],
  ['nothing that is not closed', 'a \\( b', 'a \\( b'],
  ['nothing over an empty line', '$a\n\nb$', '$a\n\nb$'],
])('%s', (_, text, written) => {
  expect(withMaths(text)).toBe(written);
});
