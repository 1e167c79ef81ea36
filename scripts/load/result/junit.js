// The checks of a load test as JUnit XML: a test case each.

/** @param {string} text */
const escapeXml = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** @param {import('./summarise.js').Summary} summary */
export function junitOf({ test, seconds, endedAt, checks }) {
  const failures = checks.filter(({ passed }) => !passed).length;
  const counts = `tests="${checks.length}" failures="${failures}" errors="0" time="${seconds}"`;
  const cases = checks.map(({ name, passed, value }) => {
    const attributes = `classname="load.${test}" name="${escapeXml(name)}" time="0"`;
    if (passed) return `    <testcase ${attributes}/>`;
    return `    <testcase ${attributes}><failure message="${escapeXml(`${name}; it was ${value}`)}"/></testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="load ${test}" ${counts} skipped="0" timestamp="${endedAt}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
