/** Texts of the repository on pages of the site: what a page includes, and where links of included texts lead. */
import { dirname, posix } from 'node:path';
import { headingsOf, mapLinks, partOf } from './markdown.mjs';
import { exists, fileAt, onGitHub, pathAt, textOf } from './repository.mjs';

const INCLUDE = /^<!-- ?@include: \/(\S+?)(?:#(\S+))? ?-->$/gm;
const HOMES = /^home: (.+)$/m;

/** What a page includes: files, with the name of a part where it is not all of one. */
export const includesIn = page => [...page.matchAll(INCLUDE)].map(([, file, part]) => ({ file, part }));

/**
 * Where on the site each heading of an included file is: by file, the address of its page, and the pages of its sections by anchor. The page that says
 * `home: <files>` in front, or that includes all of it, is the page of the file.
 */
export function placesOf(pages) {
  const places = new Map();
  for (const [address, page] of pages) {
    for (const file of HOMES.exec(page)?.[1].split(' ') ?? []) placeOf(places, file).home = address;
    for (const { file, part } of includesIn(page)) {
      const place = placeOf(places, file);
      if (part === undefined) place.home ??= address;
      if (!file.endsWith('.md')) continue;
      for (const { anchor } of headingsOf(partOf(textOf(file), part))) {
        if (!place.sections.has(anchor)) place.sections.set(anchor, address);
      }
    }
  }
  return places;
}

function placeOf(places, file) {
  const place = places.get(file) ?? { home: undefined, sections: new Map() };
  places.set(file, place);
  return place;
}

/** The page with what it includes in place, and with links that lead to pages of the site where there are some. */
export function included(page, places, images) {
  const own = mapLinks(page, (link, isImage) => linkFrom('apps/docs/pages/x', link, isImage, places, images));
  return own.replace(INCLUDE, (_, file, part) =>
    !file.endsWith('.md')
      ? asCode(file)
      : mapLinks(textIn(page, file, part), (link, isImage) => linkFrom(file, link, isImage, places, images)),
  );
}

/** A part of a file; a page that has a title of its own takes all of a file without its title. */
function textIn(page, file, part) {
  const text = partOf(textOf(file), part);
  return part === undefined && /^# /m.test(page) ? text.replace(/^# .*\n/, '') : text;
}

/** A program as it stands in its file. */
const asCode = file => `\`\`\`${file.split('.').at(-1)}\n${textOf(file).trim()}\n\`\`\``;

/** A link of a text in `file` as a link of the site; images are noted in `images`, by their names. */
function linkFrom(file, link, isImage, places, images) {
  const [address, anchor] = link.split('#');
  const isOurs = /^[a-z]+:/.test(address) ? pathAt(address) !== undefined : !address.startsWith('/');
  if (!isOurs) return link;
  const path = /^[a-z]+:/.test(address) ? pathAt(address) : fileAt(address ? posix.join(dirname(file), address) : file);
  if (isImage) {
    images.set(posix.basename(path), path);
    return `/${posix.basename(path)}`;
  }
  const place = places.get(path);
  // an anchor of a page of the site
  if (!place && !address) return link;
  const section = anchor && anchor !== 'readme' ? place?.sections.get(anchor) : undefined;
  if (section) return `${section}#${anchor}`;
  if (place?.home) return place.home;
  if (!exists(path)) throw new Error(`${file} links to ${link}: there is no ${path}.`);
  return `${onGitHub(path)}${anchor ? `#${anchor}` : ''}`;
}
