import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { waitFor } from './child.ts';

/** The mails in an outbox folder, in no particular order. */
export async function readOutbox(folder: string): Promise<readonly Email[]> {
  const files = await readdir(folder).catch(() => []);
  const mails = files.filter((file) => file.endsWith('.eml'));
  return Promise.all(mails.map(async (file) => PostalMime.parse(await readFile(join(folder, file)))));
}

/** The mails to an address, once there are as many. */
export const mailsTo = (folder: string, address: string, count = 1): Promise<readonly Email[]> =>
  waitFor(
    async () => {
      const mails = (await readOutbox(folder)).filter(({ to }) => to?.some((each) => each.address === address));
      return mails.length >= count ? mails : undefined;
    },
    { what: `${count} mails to ${address}` },
  );

/** The secret of the link in a mail. */
export function tokenIn({ text }: Email): string {
  const token = /#token=([\w.-]+)/.exec(text ?? '')?.[1];
  if (token === undefined) throw new Error(`The mail has no link: ${text}`);
  return token;
}

/** The address that the link of a mail leads to. */
export function linkIn({ text }: Email): string {
  const link = /https?:\/\/\S+#token=[\w.-]+/.exec(text ?? '')?.[0];
  if (link === undefined) throw new Error(`The mail has no link: ${text}`);
  return link;
}
