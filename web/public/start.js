// Runs before the app. Shows a plain note in place of an empty page where the app or its texts could not be loaded; whatever
// it says must stand here, since nothing else is there then.
(() => {
  const texts = {
    en: [
      'Lamplight could not be loaded',
      'Your conversations are kept. Check your connection, then load the page again.',
      'Load it again',
    ],
    de: [
      'Lamplight konnte nicht geladen werden',
      'Deine Unterhaltungen sind aufbewahrt. Prüfe deine Verbindung und lade die Seite neu.',
      'Neu laden',
    ],
    es: [
      'No se pudo cargar Lamplight',
      'Tus conversaciones están guardadas. Revisa tu conexión y vuelve a cargar la página.',
      'Volver a cargar',
    ],
    ar: ['تعذّر تحميل Lamplight', 'محادثاتك محفوظة. تحقّق من اتصالك ثم أعد تحميل الصفحة.', 'إعادة التحميل'],
  };
  const chosen = () => {
    try {
      return localStorage.getItem('lamplight.language');
    } catch {
      // Storage may be refused; the browser's language applies.
      return null;
    }
  };
  const language =
    [chosen(), ...navigator.languages.map((tag) => tag.toLowerCase().split('-')[0])].find((code) =>
      Object.hasOwn(texts, code ?? ''),
    ) ?? 'en';
  const page = document.documentElement;
  page.lang = language;
  page.dir = language === 'ar' ? 'rtl' : 'ltr';

  globalThis.lamplightNotStarted = () => {
    const root = document.getElementById('root');
    if (!root || root.childElementCount > 0) return;
    const [title, advice, verb] = texts[language];
    const note = document.createElement('main');
    note.setAttribute('role', 'alert');
    note.style.cssText = 'font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:20vh auto;padding:0 1rem';
    const heading = document.createElement('h1');
    heading.style.cssText = 'font-size:1.5rem;line-height:2rem';
    heading.textContent = title;
    const text = document.createElement('p');
    text.textContent = advice;
    const again = document.createElement('button');
    again.style.cssText =
      'font:inherit;margin-top:1rem;min-height:2.5rem;padding:0 1rem;border:1px solid;border-radius:.5rem;cursor:pointer';
    again.textContent = verb;
    again.addEventListener('click', () => location.reload());
    note.append(heading, text, again);
    root.append(note);
  };

  // A script that is not there says so on its own element alone, which is heard only on the way down.
  addEventListener(
    'error',
    ({ target }) => {
      if (target instanceof HTMLScriptElement && target.type === 'module') globalThis.lamplightNotStarted();
    },
    true,
  );
})();
