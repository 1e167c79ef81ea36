import type { Language } from '#contract/accounts.ts';

interface LetterWords {
  readonly subject: string;
  readonly before: readonly string[];
  /** Of the button. */
  readonly link: string;
  readonly after: readonly string[];
}

/** What mails about accounts say, in one language. */
export interface AccountWords {
  readonly confirm: LetterWords;
  readonly accountExists: LetterWords;
  readonly reset: LetterWords;
  /** `provider`: what signs the person in, by its name where it has one. */
  readonly signsInElsewhere: (provider: string | undefined) => LetterWords;
  readonly invitation: LetterWords;
  /** `at`: the moment in words, with its time zone. */
  readonly passwordChanged: (at: string) => LetterWords;
}

const en: AccountWords = {
  confirm: {
    subject: 'Confirm your address',
    before: [
      'Somebody, probably you, asked for a Lamplight account with this address. Confirm it, and the account is yours.',
    ],
    link: 'Confirm address',
    after: [
      'The link works once, for 24 hours, and asks for the password that was chosen.',
      'If you did not ask for this, you need not do anything. There is no account until the link is followed.',
    ],
  },
  accountExists: {
    subject: 'You have an account already',
    before: ['Somebody, probably you, asked for a Lamplight account with this address. You have one: sign in with it.'],
    link: 'Sign in',
    after: [
      'Where the password is forgotten, ask for a new one on that page.',
      'If you did not ask for this, you need not do anything.',
    ],
  },
  reset: {
    subject: 'Set a new password',
    before: ['Somebody, probably you, asked for a new password for your Lamplight account.'],
    link: 'Set new password',
    after: [
      'The link works once, for an hour. Your other sessions end when the password is set.',
      'If you did not ask for this, you need not do anything. Your password stays as it is.',
    ],
  },
  signsInElsewhere: (provider = 'another provider') => ({
    subject: 'Your account has no password',
    before: [
      `Somebody, probably you, asked for a new password for your Lamplight account. It has none: it signs in with ${provider}.`,
    ],
    link: 'Sign in',
    after: ['If you did not ask for this, you need not do anything.'],
  }),
  invitation: {
    subject: 'You are invited to Lamplight',
    before: ['An administrator invites you to Lamplight. Choose a name and a password, and your account begins.'],
    link: 'Accept invitation',
    after: ['The link works once, for 7 days.', 'If you do not know who invites you, you need not do anything.'],
  },
  passwordChanged: (at) => ({
    subject: 'Your password was changed',
    before: [`The password of your Lamplight account was changed on ${at}. Every other session has ended.`],
    link: 'Open Lamplight',
    after: ['If it was not you, ask for a new password on the sign-in page, and tell your administrator.'],
  }),
};

const de: AccountWords = {
  confirm: {
    subject: 'Bestätige deine Adresse',
    before: [
      'Jemand, vermutlich du, möchte mit dieser Adresse ein Konto bei Lamplight. Bestätige sie, und das Konto gehört dir.',
    ],
    link: 'Adresse bestätigen',
    after: [
      'Der Link gilt einmal, 24 Stunden lang, und fragt nach dem gewählten Passwort.',
      'Warst du es nicht, brauchst du nichts zu tun. Ohne den Link entsteht kein Konto.',
    ],
  },
  accountExists: {
    subject: 'Du hast schon ein Konto',
    before: [
      'Jemand, vermutlich du, möchte mit dieser Adresse ein Konto bei Lamplight. Du hast schon eins: Melde dich damit an.',
    ],
    link: 'Anmelden',
    after: [
      'Passwort vergessen? Auf dieser Seite bekommst du ein neues.',
      'Warst du es nicht, brauchst du nichts zu tun.',
    ],
  },
  reset: {
    subject: 'Neues Passwort festlegen',
    before: ['Jemand, vermutlich du, möchte ein neues Passwort für dein Konto bei Lamplight.'],
    link: 'Neues Passwort festlegen',
    after: [
      'Der Link gilt einmal, eine Stunde lang. Mit dem neuen Passwort enden deine anderen Sitzungen.',
      'Warst du es nicht, brauchst du nichts zu tun. Dein Passwort bleibt, wie es ist.',
    ],
  },
  signsInElsewhere: (provider = 'einem anderen Anbieter') => ({
    subject: 'Dein Konto hat kein Passwort',
    before: [
      `Jemand, vermutlich du, möchte ein neues Passwort für dein Konto bei Lamplight. Es hat keins: Du meldest dich mit ${provider} an.`,
    ],
    link: 'Anmelden',
    after: ['Warst du es nicht, brauchst du nichts zu tun.'],
  }),
  invitation: {
    subject: 'Du bist zu Lamplight eingeladen',
    before: ['Du bist zu Lamplight eingeladen. Wähle einen Namen und ein Passwort, dann beginnt dein Konto.'],
    link: 'Einladung annehmen',
    after: ['Der Link gilt einmal, 7 Tage lang.', 'Weißt du nicht, wer dich einlädt, brauchst du nichts zu tun.'],
  },
  passwordChanged: (at) => ({
    subject: 'Dein Passwort wurde geändert',
    before: [`Das Passwort deines Kontos bei Lamplight wurde geändert: ${at}. Alle anderen Sitzungen sind beendet.`],
    link: 'Lamplight öffnen',
    after: [
      'Warst du es nicht, fordere auf der Anmeldeseite ein neues Passwort an und sag denen Bescheid, die Lamplight verwalten.',
    ],
  }),
};

const es: AccountWords = {
  confirm: {
    subject: 'Confirma tu dirección',
    before: [
      'Alguien, probablemente tú, ha pedido una cuenta de Lamplight con esta dirección. Confírmala y la cuenta será tuya.',
    ],
    link: 'Confirmar dirección',
    after: [
      'El enlace sirve una vez, durante 24 horas, y pide la contraseña elegida.',
      'Si no lo has pedido tú, no tienes que hacer nada. No habrá cuenta mientras no se abra el enlace.',
    ],
  },
  accountExists: {
    subject: 'Ya tienes una cuenta',
    before: [
      'Alguien, probablemente tú, ha pedido una cuenta de Lamplight con esta dirección. Ya tienes una: inicia sesión con ella.',
    ],
    link: 'Iniciar sesión',
    after: [
      'Si has olvidado la contraseña, pide una nueva en esa página.',
      'Si no lo has pedido tú, no tienes que hacer nada.',
    ],
  },
  reset: {
    subject: 'Elige una contraseña nueva',
    before: ['Alguien, probablemente tú, ha pedido una contraseña nueva para tu cuenta de Lamplight.'],
    link: 'Elegir contraseña nueva',
    after: [
      'El enlace sirve una vez, durante una hora. Al elegir la contraseña se cierran tus demás sesiones.',
      'Si no lo has pedido tú, no tienes que hacer nada. Tu contraseña sigue igual.',
    ],
  },
  signsInElsewhere: (provider = 'otro proveedor') => ({
    subject: 'Tu cuenta no tiene contraseña',
    before: [
      `Alguien, probablemente tú, ha pedido una contraseña nueva para tu cuenta de Lamplight. No tiene ninguna: inicias sesión con ${provider}.`,
    ],
    link: 'Iniciar sesión',
    after: ['Si no lo has pedido tú, no tienes que hacer nada.'],
  }),
  invitation: {
    subject: 'Te han invitado a Lamplight',
    before: ['Te han invitado a Lamplight. Elige un nombre y una contraseña, y tu cuenta empieza.'],
    link: 'Aceptar invitación',
    after: ['El enlace sirve una vez, durante 7 días.', 'Si no sabes quién te invita, no tienes que hacer nada.'],
  },
  passwordChanged: (at) => ({
    subject: 'Tu contraseña ha cambiado',
    before: [`La contraseña de tu cuenta de Lamplight se cambió: ${at}. Todas las demás sesiones se han cerrado.`],
    link: 'Abrir Lamplight',
    after: [
      'Si no has sido tú, pide una contraseña nueva en la página de inicio de sesión y avisa a quien administra Lamplight.',
    ],
  }),
};

const ar: AccountWords = {
  confirm: {
    subject: 'أكِّد عنوانك',
    before: ['طلب شخص ما، ولعله أنت، حسابًا في Lamplight بهذا العنوان. أكِّد العنوان ليصبح الحساب لك.'],
    link: 'تأكيد العنوان',
    after: [
      'يعمل الرابط مرة واحدة خلال 24 ساعة، ويطلب كلمة المرور التي اختيرت.',
      'إن لم تطلب ذلك فلا حاجة إلى فعل شيء. لن يُنشأ حساب ما لم يُفتح الرابط.',
    ],
  },
  accountExists: {
    subject: 'لديك حساب بالفعل',
    before: ['طلب شخص ما، ولعله أنت، حسابًا في Lamplight بهذا العنوان. لديك حساب بالفعل: سجِّل الدخول به.'],
    link: 'تسجيل الدخول',
    after: ['إن نسيت كلمة المرور فاطلب كلمة جديدة من تلك الصفحة.', 'إن لم تطلب ذلك فلا حاجة إلى فعل شيء.'],
  },
  reset: {
    subject: 'تعيين كلمة مرور جديدة',
    before: ['طلب شخص ما، ولعله أنت، كلمة مرور جديدة لحسابك في Lamplight.'],
    link: 'تعيين كلمة مرور جديدة',
    after: [
      'يعمل الرابط مرة واحدة خلال ساعة. تنتهي جلساتك الأخرى عند تعيين كلمة المرور.',
      'إن لم تطلب ذلك فلا حاجة إلى فعل شيء. تبقى كلمة مرورك كما هي.',
    ],
  },
  signsInElsewhere: (provider = 'مزوّد آخر') => ({
    subject: 'ليس لحسابك كلمة مرور',
    before: [
      `طلب شخص ما، ولعله أنت، كلمة مرور جديدة لحسابك في Lamplight. ليس للحساب كلمة مرور: تسجِّل الدخول عبر ${provider}.`,
    ],
    link: 'تسجيل الدخول',
    after: ['إن لم تطلب ذلك فلا حاجة إلى فعل شيء.'],
  }),
  invitation: {
    subject: 'أنت مدعو إلى Lamplight',
    before: ['وصلتك دعوة إلى Lamplight. اختر اسمًا وكلمة مرور ليبدأ حسابك.'],
    link: 'قبول الدعوة',
    after: ['يعمل الرابط مرة واحدة خلال 7 أيام.', 'إن كنت لا تعرف من دعاك فلا حاجة إلى فعل شيء.'],
  },
  passwordChanged: (at) => ({
    subject: 'تغيّرت كلمة مرورك',
    before: [`تغيّرت كلمة مرور حسابك في Lamplight: ${at}. انتهت كل الجلسات الأخرى.`],
    link: 'فتح Lamplight',
    after: ['إن لم تكن أنت من غيّرها، فاطلب كلمة مرور جديدة من صفحة تسجيل الدخول وأخبر من يدير Lamplight.'],
  }),
};

/** What mails about accounts say, by the language of whom they are for. */
export const accountWords: Readonly<Record<Language, AccountWords>> = { en, de, es, ar };
