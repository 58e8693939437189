import { begins, textLike } from './marks.ts';

const XML = String.raw`(<\?xml[^>]*>\s*)?(<!--[^>]*-->\s*)?`;

/** Text that is not a table. */
export const texts = {
  gitLfs: {
    title: 'a Git LFS pointer, which stands for the file',
    remedy: 'Fetch the file itself: git lfs pull',
    matches: begins('version https://git-lfs.github.com/spec/', 'version https://hawser.github.com/spec/'),
  },
  gitAnnex: {
    title: 'a git-annex pointer, which stands for the file',
    remedy: 'Fetch the file itself: git annex get',
    matches: begins('/annex/objects/'),
  },
  html: {
    title: 'a web page (HTML)',
    remedy: 'Download the file itself, not the page that shows it',
    matches: textLike(new RegExp(`^${XML}<(!doctype html|html|head|body|table|title|meta|script)\\b`, 'i')),
  },
  xml: {
    title: 'an XML document',
    remedy: 'Save the table as CSV',
    matches: textLike(/^<(\?xml|!doctype)\b/i),
  },
  json: {
    title: 'JSON',
    remedy: 'Save the table as CSV',
    matches: textLike(/^(\[\s*)?\{\s*"[^"]*"\s*:|^\[\s*\[\s*["\d-]/),
  },
} as const;
