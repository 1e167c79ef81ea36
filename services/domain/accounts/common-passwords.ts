/** As far as digits and marks at the ends of a common word hide it from nobody: `Password2024!`. */
const maxTrimmings = 6;
const minWordCharacters = 4;
const product = 'lamplight';

const rows = ['abcdefghijklmnopqrstuvwxyz', '1234567890', 'qwertyuiopasdfghjklzxcvbnm', 'qwertzuiopasdfghjklyxcvbnm'];

export interface CommonPasswords {
  /** Why a password is too easily guessed, in words for people; undefined where nothing speaks against it. */
  reason(password: string, owner: { readonly email: string; readonly name: string }): string | undefined;
}

/** Loads the list when it is asked for first: most processes never set a password. */
export async function commonPasswords(): Promise<CommonPasswords> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const common = new Set(dictionary['passwords-common'].map((word) => word.toLowerCase()));
  return {
    reason(password, owner) {
      const text = password.toLowerCase();
      const forms = new Set([text, trimmed(text)].flatMap((form) => [form, unitOf(form), inLetters(form)]));
      const isCommon = [...forms].some((form) => common.has(form) || form.length < minWordCharacters || isRow(form));
      if (isCommon) return 'Many people use this password, so it is guessed first. Choose another.';
      const own = ownWords(owner);
      if ([...forms].some((form) => own.has(form)))
        return 'This password is made of a name or address that others know. Choose another.';
      return undefined;
    },
  };
}

/** Without the digits and marks at its ends, where they are few. */
function trimmed(text: string): string {
  const inner = text.replace(/^[^\p{L}]{0,6}/u, '').replace(/[^\p{L}]{0,6}$/u, '');
  return text.length - inner.length <= maxTrimmings ? inner : text;
}

/** What it repeats: `abcabcabcabc` is `abc`, itself where it repeats nothing. */
function unitOf(text: string): string {
  const at = (text + text).indexOf(text, 1);
  return text.slice(0, at);
}

const lookalikes: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't' };
const marks: Readonly<Record<string, string>> = { '@': 'a', $: 's', '!': 'i' };
const inLetters = (text: string): string =>
  text.replace(/[013457@$!]/g, (character) => lookalikes[character] ?? marks[character] ?? character);

/** A run along the alphabet, the digits or the keyboard, either way and from its end to its start. */
const isRow = (text: string): boolean =>
  rows.some((row) => {
    const around = row.repeat(Math.ceil(text.length / row.length) + 1);
    return around.includes(text) || around.includes([...text].toReversed().join(''));
  });

/** The name, its words, the address and its parts, and the product's name, also two of them together. */
function ownWords({ email, name }: { readonly email: string; readonly name: string }): ReadonlySet<string> {
  const [local = '', domain = ''] = email.toLowerCase().split('@');
  const plain = name.normalize('NFKC').toLowerCase();
  const words = [local, domain, domain.split('.')[0] ?? '', ...plain.split(/\s+/), ...local.split(/[.+_-]/), product];
  const long = [...new Set(words)].filter((word) => word.length >= 3);
  const pairs = long.flatMap((first) =>
    long.flatMap((second) => ['', ' ', '.', '-', '_'].map((by) => first + by + second)),
  );
  return new Set([...long, ...pairs, email.toLowerCase(), plain]);
}
