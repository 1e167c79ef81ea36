import type { Language } from '#contract/accounts.ts';
import { escapeMarkup } from '#platform/escape-markup.ts';
import type { MailMessage } from '#platform/mail/mail.ts';

/** What a mail says, without to whom. */
export type Letter = Pick<MailMessage, 'subject' | 'text' | 'html'>;

/** A paragraph; one in another language than its letter says in which. */
export type Paragraph = string | { readonly text: string; readonly language: string };

export interface LetterParts {
  readonly subject: string;
  /** English where absent. */
  readonly language?: Language;
  /** Above all; the subject where absent. */
  readonly title?: Paragraph;
  /** One of the mail's, below the title. */
  readonly picture?: { readonly name: string; readonly alt: string };
  /** Above the link. */
  readonly before: readonly Paragraph[];
  readonly link?: LetterLink;
  readonly after: readonly Paragraph[];
  /** At the very end, small. */
  readonly ending?: LetterLink & { readonly says: string };
}

interface LetterLink {
  readonly label: string;
  readonly url: string;
}

/** The frame of every mail: as text, and as HTML that mail programs show without fetching anything. */
export function letter(parts: LetterParts): Letter {
  const { subject, language = 'en', title = subject, picture, before, link, after, ending } = parts;
  const own = (paragraph: Paragraph) => withLanguage(paragraph, language);
  const said = ending && `${ending.says} ${ending.label}: ${ending.url}`;
  const lines = [...(parts.title ? [title] : []), ...before, ...(link ? [link.url] : []), ...after];
  const text = [...lines.map(textOf), `—\nLamplight${said ? `\n${said}` : ''}`].join('\n\n');
  const body = [
    picture &&
      `<img src="cid:${escapeMarkup(picture.name)}" alt="${escapeMarkup(picture.alt)}" width="480" style="${pictureStyle}">`,
    ...before.map((paragraph) => `<p${own(paragraph)}>${escapeMarkup(textOf(paragraph))}</p>`),
    link && `<p><a href="${escapeMarkup(link.url)}" style="${buttonStyle}">${escapeMarkup(link.label)}</a></p>`,
    ...after.map((paragraph) => `<p${own(paragraph)}>${escapeMarkup(textOf(paragraph))}</p>`),
    link && `<p style="${softStyle}">${orOpen[language]}<br><span dir="ltr">${escapeMarkup(link.url)}</span></p>`,
    `<p style="${softStyle}">Lamplight</p>`,
    ending &&
      `<p style="${softStyle}">${escapeMarkup(ending.says)} <a href="${escapeMarkup(ending.url)}" style="color:inherit">${escapeMarkup(ending.label)}</a></p>`,
  ].filter((part) => part !== undefined);
  const heading = `<h1${own(title)} style="font-size:20px;line-height:28px">${escapeMarkup(textOf(title))}</h1>`;
  return { subject, text: `${text}\n`, html: page(subject, language, [heading, ...body].join('\n')) };
}

const orOpen: Readonly<Record<Language, string>> = {
  en: 'Or open this address:',
  de: 'Oder diese Adresse öffnen:',
  es: 'O abre esta dirección:',
  ar: 'أو افتح هذا العنوان:',
};

const textOf = (paragraph: Paragraph): string => (typeof paragraph === 'string' ? paragraph : paragraph.text);

function withLanguage(paragraph: Paragraph, around: Language): string {
  if (typeof paragraph === 'string' || paragraph.language === around) return '';
  const direction = directionOf(paragraph.language);
  // Mail programs that drop `dir` on the whole page keep it here.
  return ` lang="${escapeMarkup(paragraph.language)}" dir="${direction}"`;
}

const directionOf = (language: string): 'rtl' | 'ltr' => (language === 'ar' ? 'rtl' : 'ltr');

const buttonStyle =
  'display:inline-block;padding:10px 16px;border-radius:8px;background:#e39b2d;color:#2e2114;text-decoration:none;font-weight:600';
const softStyle = 'color:#5d6475;font-size:13px;overflow-wrap:anywhere';
const pictureStyle = 'display:block;width:100%;max-width:480px;height:auto;border-radius:10px';

const page = (title: string, language: Language, body: string): string => `<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeMarkup(title)}</title></head>
<body style="margin:0;padding:24px;background:#fbf9f5;color:#20263a;font:15px/22px system-ui,sans-serif">
<div lang="${language}" dir="${directionOf(language)}" style="max-width:480px;margin:0 auto">
${body}
</div>
</body>
</html>
`;
