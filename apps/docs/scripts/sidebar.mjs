/** What stands at the side of the pages: the parts of the site, and where each page is. */
import { doorAt, doors } from './doors.mjs';
import { families, techniqueAt } from './techniques.mjs';

const item = (text, link) => ({ text, link });

const guides = [
  item('Stock model.fit', '/guides/stock-fit'),
  item('The trainer', '/guides/trainer'),
  item('Long runs and resume', '/guides/long-runs'),
  item('Your own training loop', '/guides/loops'),
  item('Transfer learning', '/guides/transfer-learning'),
  item('Images', '/guides/images'),
  item('Text', '/guides/text'),
  item('Tables', '/guides/tables'),
  item('In a web page', '/guides/in-a-page'),
  item('Without a bundler', '/guides/without-a-bundler'),
  item('In Node, Bun and Deno', '/guides/in-node'),
  item('The command line', '/guides/command-line'),
  item('Search', '/guides/search'),
  item('Speed', '/guides/speed'),
  item('From Keras and PyTorch', '/guides/keras-and-pytorch'),
];
const learn = [
  item('The lecture, claim by claim', '/learn/'),
  item('The course’s lab, again', '/learn/lab'),
  item('Figures of the dropout paper', '/learn/paper'),
  item('Measured on real data', '/measured/real-data'),
  item('Searching keep.prob', '/measured/searching'),
  item('Performance and sizes', '/measured/performance'),
  item('What stock TensorFlow.js does', '/measured/stock'),
];
const authors = [
  item('Write a plugin', '/authors/'),
  item('Door by door', '/authors/doors'),
  item('Layers', '/authors/layers'),
  item('Tests, names and versions', '/authors/publishing'),
  item('Community plugins', '/authors/community'),
  item('Design', '/authors/design'),
  item('Contributing', '/authors/contributing'),
];

const techniques = () => [
  item('All techniques', '/techniques/'),
  ...families.map(({ name, catalogue }) => ({
    ...item(name, `/techniques/#keepprob${name}`),
    collapsed: true,
    items: catalogue.map(entry => item(entry.name, techniqueAt(entry))),
  })),
];
const api = () => [
  item('All modules', '/api/'),
  ...doors.map(({ door }) => item(door.replace('@keepprob/', ''), doorAt(door))),
];

/** The sidebar of each part of the site. */
export function sidebarOf(packages) {
  const first = [
    { text: 'Guides', items: guides },
    {
      ...item('Packages', '/packages/'),
      collapsed: true,
      items: packages.map(link => item(link.replace('/packages/', '@keepprob/'), link)),
    },
  ];
  return {
    '/guides/': first,
    '/packages/': first.map(part => ({ ...part, ...('collapsed' in part && { collapsed: false }) })),
    '/techniques/': [{ text: 'Techniques', items: techniques() }],
    '/learn/': [{ text: 'Learn', items: learn }],
    '/measured/': [{ text: 'Learn', items: learn }],
    '/authors/': [{ text: 'Authors', items: authors }],
    '/api/': [{ text: 'API', items: api() }],
  };
}
