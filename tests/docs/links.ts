/**
 * The links of a page, and the anchors that its headings make on GitHub.
 *
 * @module
 */

import type { Page } from "./pages.ts";
import { CODE_SPAN, paragraphsOf } from "./spans.ts";

/** A link to a place in the project. */
export interface Link {
  /** Page and line of its paragraph. */
  readonly place: string;
  /** The path, relative to the page; empty for the page itself. */
  readonly path: string;
  /** The anchor, without "#"; empty for none. */
  readonly anchor: string;
}

/** The links and pictures of a page that do not lead to other sites. */
export function linksOf({ path, text }: Page): Link[] {
  return paragraphsOf(text).flatMap(({ line, text }) =>
    [...withoutSpans(text).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)|(?:href|src)="([^"]+)"/g)]
      .map(([, inline, attribute]) => inline ?? attribute ?? "")
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => {
        const [file = "", anchor = ""] = target.split("#");
        return { place: `${path}:${line}`, path: decodeURI(file), anchor };
      })
  );
}

/** The anchors of a page's headings. */
export function anchorsOf({ text }: Pick<Page, "text">): Set<string> {
  const anchors = new Set<string>();
  for (const { text: paragraph } of paragraphsOf(text)) {
    const [, heading] = /^#{1,6}\s+(.*?)\s*#*$/m.exec(paragraph) ?? [];
    if (heading === undefined) continue;
    const anchor = slug(heading);
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

function slug(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

function withoutSpans(text: string): string {
  return text.replace(CODE_SPAN, (span) => " ".repeat(span.length));
}
