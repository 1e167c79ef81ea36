import { hash, verify } from '@node-rs/argon2';
import { AppError } from '#platform/errors.ts';
import { type CommonPasswords, commonPasswords } from './common-passwords.ts';
import { Gate } from './gate.ts';

/** The least that OWASP's password storage cheat sheet asks of argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Hashes at a time in one process: each takes 19 MiB and a core for some 30 ms. */
const running = 4;
const waiting = 50;

/** Nobody's hash, of the same cost: what a sign-in of an unknown person is compared with, so that it takes as long. */
const nobodys = '$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmUh$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/** Whom a password would be for: it may not be made of these. */
export interface PasswordOwner {
  readonly email: string;
  readonly name: string;
}

/** Hashes and compares passwords, a few at a time; the others wait, and what would wait too long is refused with `too_busy`. */
export class Passwords {
  readonly #gate = new Gate(running, waiting);
  #common: Promise<CommonPasswords> | undefined;

  /** A PHC string. */
  hash(password: string): Promise<string> {
    return this.#gate.pass(() => hash(normalised(password), cost));
  }

  /** Whether it is the password of that hash. Without a hash: false, after as long. */
  async verify(phc: string | undefined, password: string): Promise<boolean> {
    const same = await this.#gate.pass(() => verify(phc ?? nobodys, normalised(password)));
    return same && phc !== undefined;
  }

  /** Throws `common_password` for one of the most common, and for one that is made of its owner's name or address. */
  async requireUncommon(password: string, owner: PasswordOwner): Promise<void> {
    this.#common ??= commonPasswords();
    const why = (await this.#common).reason(normalised(password), owner);
    if (why !== undefined) throw new AppError('common_password', why);
  }
}

/** One text whatever keyboard wrote it: NIST SP 800-63B-4, section 3.1.1.2, asks for NFKC or NFKD. */
const normalised = (password: string): string => password.toWellFormed().normalize('NFKC');
