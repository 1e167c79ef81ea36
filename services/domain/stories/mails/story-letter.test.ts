import { describe, expect, it } from 'vitest';
import { languages } from '#contract/accounts.ts';
import { never } from '../story-records.ts';
import { firstLines } from './first-lines.ts';
import { type Addressee, apologyLetter, storyLetter } from './story-letter.ts';

const ready = { state: 'ready', tries: 1, at: 0 } as const;
const story = {
  language: 'de',
  readerName: 'Mila',
  scheduledFor: Date.UTC(2026, 10, 21, 18, 15),
  createdAt: Date.UTC(2026, 10, 21, 18, 15, 2),
  expiresAt: Date.UTC(2026, 10, 23, 18, 16),
  followUps: { narration: ready, picture: ready, mail: ready, notice: ready },
} as const;
const told = {
  title: 'Nuss und die Laterne',
  parts: ['Nuss war ein kleiner Fuchs. Eines Abends fand er eine Laterne.', 'Er trug sie heim.'],
  pictureAlt: 'Ein Fuchs mit Laterne',
};
const url = 'https://lamplight.test/story#token=a.1.b';
const to = (language: Addressee['language'], timeZone = 'Europe/Berlin'): Addressee => ({
  language,
  timeZone,
  stopUrl: 'https://lamplight.test/unsubscribe#token=p.q',
});

describe('the letter of a story', () => {
  it.each([
    ['en', 'Tonight’s story for Mila: Nuss und die Laterne', 'Saturday 21 November, for Mila', 'Monday 23 November'],
    [
      'de',
      'Die Geschichte für heute Abend, für Mila: Nuss und die Laterne',
      'Samstag, 21. November, für Mila',
      'Montag, 23. November',
    ],
    [
      'es',
      'El cuento de esta noche para Mila: Nuss und die Laterne',
      'sábado, 21 de noviembre, para Mila',
      'lunes, 23 de noviembre',
    ],
    ['ar', 'قصة الليلة من أجل Mila: Nuss und die Laterne', 'السبت، 21 نوفمبر، من أجل Mila', 'الاثنين، 23 نوفمبر'],
  ] as const)('is written in %s, around a story in its own language', (language, subject, day, until) => {
    const letter = storyLetter(to(language), { story, told, url, pictureName: 'picture' });
    expect(letter.subject).toBe(subject);
    expect(letter.text).toContain(day);
    expect(letter.text).toContain(until);
    expect(letter.text).toContain('19:16');
    const direction = language === 'ar' ? 'rtl' : 'ltr';
    expect(letter.html).toContain(`<html lang="${language}" dir="${direction}">`);
    const own = language === 'de' ? '<h1 style' : '<h1 lang="de" dir="ltr" style';
    expect(letter.html).toContain(own);
    expect(letter.html).toMatch(
      new RegExp(`<p${language === 'de' ? '' : ' lang="de" dir="ltr"'}>Nuss war ein kleiner Fuchs\\.`),
    );
    expect(letter.html).toContain('<img src="cid:picture" alt="Ein Fuchs mit Laterne"');
  });

  it('is read from the right where the story is in Arabic and its reader is not', () => {
    const { html } = storyLetter(to('en'), { story: { ...story, language: 'ar' }, told, url });
    expect(html).toContain('<html lang="en" dir="ltr">');
    expect(html).toContain('<h1 lang="ar" dir="rtl"');
  });

  it.each([
    ['Europe/Berlin', 'Tonight’s', 'Saturday 21 November'],
    ['Asia/Tokyo', 'Tonight’s', 'Sunday 22 November'],
    ['America/Los_Angeles', 'Today’s', 'Saturday 21 November'],
  ])('tells the day and its time as they are in %s', (timeZone, whose, day) => {
    const { subject, text } = storyLetter(to('en', timeZone), { story, told, url });
    expect([subject.startsWith(whose), text.includes(day)]).toEqual([true, true]);
  });

  it('names nobody where nobody is named', () => {
    for (const language of languages) {
      const letter = storyLetter(to(language), { story: { ...story, readerName: '' }, told, url });
      expect(letter.subject).toMatch(/^[^,:]*: Nuss und die Laterne$/);
      expect(`${letter.subject}${letter.text}`).not.toMatch(/Mila|undefined|, ?\n|für *:|for *:/);
    }
  });

  it('tells of the browser’s own voice where there is no other', () => {
    const skipped = { ...ready, state: 'skipped' } as const;
    const silent = { ...story, followUps: { ...story.followUps, narration: skipped } };
    for (const language of languages) {
      const [withVoice, without] = [story, silent].map(
        (each) => storyLetter(to(language), { story: each, told, url }).text,
      );
      expect(withVoice).not.toBe(without);
    }
  });

  it('says of a favourite not how long it stays', () => {
    const { text } = storyLetter(to('en'), { story: { ...story, expiresAt: never }, told, url });
    expect(text).not.toContain('until');
  });

  it('has its button, its address in plain, and where the mails end, as text too', () => {
    for (const language of languages) {
      const { text, html } = storyLetter(to(language), { story, told, url });
      expect(text).toContain(`\n${url}\n`);
      expect(text).toContain(': https://lamplight.test/unsubscribe#token=p.q\n');
      expect(html.split(`href="${url}"`)).toHaveLength(2);
      expect(html).toContain(`<span dir="ltr">${url}</span>`);
      expect(html).toContain('<a href="https://lamplight.test/unsubscribe#token=p.q"');
      expect(html).not.toContain('cid:');
    }
  });

  it('says du in German, as the pages do', () => {
    const refused = (code: 'budget_spent' | 'rate_limited' | 'internal', storiesPerDay: number) =>
      apologyLetter(to('de'), {
        story: { readerName: 'Mila', error: { code, message: '', traceId: '' } },
        url,
        storiesPerDay,
      });
    const letters = [
      storyLetter(to('de'), { story, told, url }),
      refused('budget_spent', 10),
      refused('rate_limited', 10),
      refused('rate_limited', 0),
      refused('internal', 10),
    ];
    for (const { text } of letters) {
      expect(text).toMatch(/\bdeine?r?\b/i);
      expect(text).not.toMatch(/[a-zäöüß,] (Ihr|Ihre[mnrs]?|Ihnen|Sie)\b/);
    }
  });

  it('lets nothing of a story become markup', () => {
    const bad = '<script>alert("1")</script>\'"><img src=x onerror=y>';
    const evil = { title: bad, parts: [bad], pictureAlt: bad };
    for (const language of languages) {
      const { html } = storyLetter(to(language), {
        story: { ...story, readerName: bad },
        told: evil,
        url,
        pictureName: 'picture',
      });
      expect(html.replace('<img src="cid:picture"', '')).not.toMatch(/<script|<img/);
      expect(html).toContain(
        'alt="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&quot;&gt;&lt;img src=x onerror=y&gt;"',
      );
    }
  });

  it.each([
    ['budget_spent', 'budget'],
    ['rate_limited', 'as many stories'],
    ['too_many_answers', 'this time'],
  ] as const)('says why in its own words for %s', (code, words) => {
    const refused = { readerName: 'Mila', error: { code, message: 'Secret words', traceId: '' } };
    const texts = languages.map(
      (language) => apologyLetter(to(language), { story: refused, url, storiesPerDay: 10 }).text,
    );
    expect(texts[0]).toContain(words);
    expect(new Set(texts).size).toBe(languages.length);
    expect(texts.join()).not.toMatch(/Secret|undefined/);
  });

  it('says in each language where no stories are written at present, and promises none for tomorrow', () => {
    const refused = { readerName: 'Mila', error: { code: 'rate_limited', message: '', traceId: '' } } as const;
    const apology = (storiesPerDay: number) =>
      languages.map((language) => apologyLetter(to(language), { story: refused, url, storiesPerDay }).text);
    expect(apology(0)[0]).toContain('because no stories are written here at present.');
    expect(apology(0)[0]).not.toContain('tomorrow');
    expect(new Set([...apology(0), ...apology(1)]).size).toBe(2 * languages.length);
  });

  it('says when the next one comes, where one does', () => {
    const refused = { readerName: '', error: { code: 'budget_spent', message: '', traceId: '' } } as const;
    const nextAt = Date.UTC(2026, 10, 22, 18, 15);
    for (const language of languages)
      expect(apologyLetter(to(language), { story: refused, url, nextAt, storiesPerDay: 10 }).text).toMatch(/22.*19:15/);
    expect(apologyLetter(to('en'), { story: refused, url, storiesPerDay: 10 }).text).not.toContain('The next one');
  });
});

describe('the first lines of a story', () => {
  const sentence = (n: number) => `W${'ord word '.repeat(n / 2)}end. `;

  it('are whole sentences, as many as fit', () => {
    const lines = firstLines({ parts: [sentence(20) + sentence(20) + sentence(30)] }, 'en');
    expect(lines).toEqual([(sentence(20) + sentence(20)).trim()]);
  });

  it('keep the paragraphs, over parts', () => {
    expect(firstLines({ parts: ['One.\n\nTwo.', 'Three.'] }, 'en')).toEqual(['One.', 'Two.', 'Three.']);
  });

  it('are cut at a word where the first sentence is endless', () => {
    const [line = ''] = firstLines({ parts: [`${'🦊 word '.repeat(200)}.`] }, 'en');
    expect(line.length).toBeLessThanOrEqual(301);
    expect(line).toMatch(/^(🦊 word )+🦊( word)?…$/u);
    const [solid = ''] = firstLines({ parts: ['🦊'.repeat(400)] }, 'en');
    expect(solid.isWellFormed()).toBe(true);
  });

  it('end in Arabic and Chinese where their sentences end', () => {
    expect(firstLines({ parts: ['هل رأيت الثعلب؟ '.repeat(40)] }, 'ar')[0]).toMatch(/؟$/);
    expect(firstLines({ parts: ['小狐狸找到了一盏灯。'.repeat(60)] }, 'zh')[0]).toMatch(/。$/);
  });

  it('are none where there is nothing', () => {
    expect(firstLines({ parts: [] }, 'en')).toEqual([]);
    expect(firstLines({ parts: ['', ' \n\n '] }, 'en')).toEqual([]);
  });
});
