import { defineConfig } from 'vitepress';

/** A page of the documentation in the sidebar. */
const page = (name, text = name.replaceAll('-', ' ')) => ({
  text: text[0].toUpperCase() + text.slice(1),
  link: `/${name}`,
});

const base = process.env.SITE_BASE ?? '/';

/** The live pages and the API reference are files beside those that VitePress makes. */
const beside = (text, link) => ({ text, link, target: '_self' });

export default defineConfig({
  title: 'langevin',
  description: 'Score-based generative modelling through stochastic differential equations',
  base,
  head: [['link', { rel: 'icon', href: `${base}live/icon.svg` }]],
  srcDir: 'content',
  outDir: '../../site/dist',
  rewrites: { 'README.md': 'index.md' },
  // Some links lead to files of the repository, which are no pages.
  ignoreDeadLinks: true,
  cleanUrls: false,
  // Formulas in braces and types such as Map<string, number> are text.
  markdown: { html: false, attrs: { disable: true } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Documentation', link: '/getting-started' },
      beside('Play', '/live/play.html'),
      beside('Look into a run', '/live/run.html'),
      beside('Your table', '/live/table.html'),
      beside('API', '/api/index.html'),
    ],
    sidebar: [
      {
        text: 'Start here',
        items: ['getting-started', 'concepts', 'how-to-choose', 'troubleshooting', 'coming-from'].map(name =>
          page(name),
        ),
      },
      {
        text: 'Do one thing',
        items: [
          ...['tables', 'images', 'classes', 'given', 'weights', 'export', 'serving', 'extending'].map(name =>
            page(name),
          ),
          page('browser', 'web pages'),
        ],
      },
      {
        text: 'Look something up',
        items: [
          page('cli', 'command line'),
          ...['solvers', 'solver-tables', 'diagnosis', 'energies', 'score-matching'].map(name => page(name)),
          page('langevin', 'Markov chains'),
          page('schedules-and-sdes', 'schedules and SDEs'),
          page('engines'),
          page('glossary'),
        ],
      },
      {
        text: 'How good is it',
        items: ['results', 'performance', 'numerics', 'weights-of-modes', 'architecture'].map(name =>
          page(name),
        ),
      },
    ],
  },
});
