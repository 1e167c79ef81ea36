import type { Language } from '#contract/accounts.ts';

/** What mails about stories say, in one language. */
export interface StoryWords {
  /** What the mail is called; `name` is empty where the story is for nobody by name. */
  readonly subject: (story: { readonly name: string; readonly title: string; readonly evening: boolean }) => string;
  /** The day that it is for, in words; for whom, where that is known. */
  readonly dayFor: (day: string, name: string) => string;
  readonly read: string;
  readonly listen: string;
  /** Where nothing here has read it aloud. */
  readonly listenByBrowser: string;
  readonly until: (moment: string) => string;
  readonly why: string;
  readonly stop: string;
  readonly sorry: {
    readonly subject: (name: string) => string;
    readonly budget: string;
    readonly limit: string;
    /** Where nobody gets any. */
    readonly none: string;
    readonly other: string;
    readonly next: (moment: string) => string;
    readonly open: string;
  };
}

const en: StoryWords = {
  subject: ({ name, title, evening }) =>
    `${evening ? 'Tonight’s' : 'Today’s'} story${name && ` for ${name}`}: ${title}`,
  dayFor: (day, name) => (name ? `${day}, for ${name}` : day),
  read: 'Read the story',
  listen: 'To listen, open it and press play: it is read aloud.',
  listenByBrowser: 'To listen, open it: your browser can read it aloud.',
  until: (moment) => `It stays there until ${moment}, longer where you keep it as a favourite.`,
  why: 'You get this because a schedule of yours sends its stories by mail.',
  stop: 'Stop these mails',
  sorry: {
    subject: (name) => `No story${name && ` for ${name}`} this time`,
    budget: 'The story could not be written, because your budget for today is spent. There is more from midnight.',
    limit:
      'The story could not be written, because you have had as many stories as there are in a day. There are more tomorrow.',
    none: 'The story could not be written, because no stories are written here at present.',
    other: 'We are sorry: the story could not be written this time.',
    next: (moment) => `The next one comes on ${moment}.`,
    open: 'Open your stories',
  },
};

const de: StoryWords = {
  subject: ({ name, title, evening }) =>
    `${evening ? 'Die Geschichte für heute Abend' : 'Die Geschichte für heute'}${name && `, für ${name}`}: ${title}`,
  dayFor: (day, name) => (name ? `${day}, für ${name}` : day),
  read: 'Geschichte lesen',
  listen: 'Zum Hören öffne sie und drücke auf „Anhören“: Sie wird vorgelesen.',
  listenByBrowser: 'Zum Hören öffne sie: Dein Browser kann sie vorlesen.',
  until: (moment) => `Sie bleibt dort bis ${moment}, als Favorit auch länger.`,
  why: 'Du bekommst diese Mail, weil einer deiner Zeitpläne seine Geschichten per Mail sendet.',
  stop: 'Diese Mails beenden',
  sorry: {
    subject: (name) => `Diesmal keine Geschichte${name && ` für ${name}`}`,
    budget:
      'Die Geschichte konnte nicht geschrieben werden, weil dein Budget für heute aufgebraucht ist. Ab Mitternacht gibt es mehr.',
    limit:
      'Die Geschichte konnte nicht geschrieben werden, weil du heute schon so viele hattest, wie es an einem Tag gibt. Morgen gibt es mehr.',
    none: 'Die Geschichte konnte nicht geschrieben werden, weil hier zurzeit keine Geschichten geschrieben werden.',
    other: 'Es tut uns leid: Die Geschichte konnte diesmal nicht geschrieben werden.',
    next: (moment) => `Die nächste kommt am ${moment}.`,
    open: 'Deine Geschichten öffnen',
  },
};

const es: StoryWords = {
  subject: ({ name, title, evening }) =>
    `El cuento de ${evening ? 'esta noche' : 'hoy'}${name && ` para ${name}`}: ${title}`,
  dayFor: (day, name) => (name ? `${day}, para ${name}` : day),
  read: 'Leer el cuento',
  listen: 'Para escucharlo, ábrelo y pulsa «Escuchar»: se lee en voz alta.',
  listenByBrowser: 'Para escucharlo, ábrelo: tu navegador puede leerlo en voz alta.',
  until: (moment) => `Estará ahí hasta el ${moment}, o más tiempo si lo guardas como favorito.`,
  why: 'Recibes este correo porque uno de tus horarios envía sus cuentos por correo.',
  stop: 'Dejar de recibir estos correos',
  sorry: {
    subject: (name) => `Esta vez no hay cuento${name && ` para ${name}`}`,
    budget:
      'No se pudo escribir el cuento porque tu presupuesto de hoy está agotado. A partir de medianoche habrá más.',
    limit: 'No se pudo escribir el cuento porque hoy ya has tenido todos los que hay en un día. Mañana habrá más.',
    none: 'No se pudo escribir el cuento porque por ahora aquí no se escriben cuentos.',
    other: 'Lo sentimos: esta vez no se pudo escribir el cuento.',
    next: (moment) => `El próximo llega el ${moment}.`,
    open: 'Abrir tus cuentos',
  },
};

const ar: StoryWords = {
  subject: ({ name, title, evening }) =>
    `${evening ? 'قصة الليلة' : 'قصة اليوم'}${name && ` من أجل ${name}`}: ${title}`,
  dayFor: (day, name) => (name ? `${day}، من أجل ${name}` : day),
  read: 'قراءة القصة',
  listen: 'للاستماع، افتح القصة واضغط على «استماع»: ستُقرأ بصوت عالٍ.',
  listenByBrowser: 'للاستماع، افتح القصة: يمكن لمتصفحك أن يقرأها بصوت عالٍ.',
  until: (moment) => `ستبقى هناك حتى ${moment}، ومدة أطول إذا احتفظت بها في المفضلة.`,
  why: 'تصلك هذه الرسالة لأن أحد مواعيدك يرسل قصصه بالبريد.',
  stop: 'إيقاف هذه الرسائل',
  sorry: {
    subject: (name) => `لا قصة${name && ` من أجل ${name}`} هذه المرة`,
    budget: 'لم تُكتب القصة لأن حصتك لهذا اليوم قد نفدت. تتوفر حصة جديدة ابتداءً من منتصف الليل.',
    limit: 'لم تُكتب القصة لأنك حصلت اليوم على كل القصص المتاحة في يوم واحد. ستتوفر قصص أخرى غدًا.',
    none: 'لم تُكتب القصة لأنه لا تُكتب قصص هنا في الوقت الحالي.',
    other: 'نعتذر: لم تُكتب القصة هذه المرة.',
    next: (moment) => `القصة التالية تصل في ${moment}.`,
    open: 'فتح قصصك',
  },
};

export const storyWords: Readonly<Record<Language, StoryWords>> = { en, de, es, ar };
