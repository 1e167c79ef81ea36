import { hourKey, type UsageRecords } from './usage-records.ts';

const atATime = 200;

/**
 * Takes a person's id out of the usage: the sums stay, under an id that leads to nobody and is the same for all hours. Some
 * documents at a time; true where nothing of the person is left, else call it again later. To be called when the person's runs
 * are gone, which could be counted again, and no more requests of theirs can come.
 */
export async function anonymiseUsage({ hours, shares }: UsageRecords, personId: string): Promise<boolean> {
  if ((await shares.count({ personId, folded: false })) > 0) return false;
  if ((await shares.deleteWhere({ personId, folded: true }, atATime)) === atATime) return false;
  const mine = async (direction: 'asc' | 'desc', limit: number) =>
    (await hours.find({ where: { personId }, sort: { by: ['hour'], direction }, limit })).items;
  const [first] = await mine('asc', 1);
  if (!first) return true;
  // The first hour gives the id and goes last, so that all get the same one, also when this was stopped in between.
  const anonymous = `deleted-${first._id}`;
  for (const { _id, hour, model, version, folding } of await mine('desc', atATime)) {
    // What is in the document and not marked would be added again, to a new document of the person's own id.
    const marks = await shares.getMany(folding, ['folded']);
    if (marks.some(({ folded }) => !folded)) return false;
    const key = hourKey({ hour, model, personId: anonymous });
    const set = { personId: anonymous, key, version: version + 1 };
    if (!(await hours.update(_id, { set }, { version }))) return false;
  }
  return (await hours.count({ personId })) === 0;
}
