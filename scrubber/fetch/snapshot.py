"""What a rendered page shows, as HTML: with shadow trees and frames in the places where they stand.

The browser's own serialisation leaves both out. The script below runs in a world of its own, where
the page's scripts have changed nothing, and copies the page into a document that is not shown:

    element with an open shadow tree  its shadow tree in place of its children
    slot                              what is put into it, else what stands in it
    frame of the same site            a `div` with what its page shows
    frameset                          a `body`, as frames in it become `div`s

It returns `null` for a page that has neither, which is then serialised as it is.
"""

from __future__ import annotations

from typing import Final

COMPOSE: Final = """(() => {
  const frames = new Set(['IFRAME', 'FRAME']);
  const inner = element => {
    try { return element.contentDocument && element.contentDocument.body; } catch { return null; }
  };
  const hides = root => [...root.querySelectorAll('*')].some(
    element => element.shadowRoot || (frames.has(element.tagName) && inner(element)));
  if (!hides(document)) return null;
  const copyTo = document.implementation.createHTMLDocument('');
  const shown = node => {
    if (node.shadowRoot) return node.shadowRoot.childNodes;
    if (frames.has(node.tagName) && inner(node)) return inner(node).childNodes;
    if (node.tagName === 'SLOT') {
      const put = node.assignedNodes();
      return put.length ? put : node.childNodes;
    }
    return node.childNodes;
  };
  const copyOf = node => {
    if (frames.has(node.tagName) && inner(node)) return copyTo.createElement('div');
    if (node.tagName === 'FRAMESET') return copyTo.createElement('body');
    const copy = copyTo.importNode(node, node.tagName === 'TEMPLATE');
    if (node.tagName === 'NOSCRIPT') copy.innerHTML = node.textContent;
    return copy;
  };
  const root = copyOf(document.documentElement);
  const open = [[document.documentElement, root]];
  while (open.length) {
    const [node, copy] = open.pop();
    if (node.tagName === 'NOSCRIPT' || node.tagName === 'TEMPLATE') continue;
    for (const child of shown(node)) {
      const made = copyOf(child);
      copy.append(made);
      open.push([child, made]);
    }
  }
  return '<!DOCTYPE html>' + root.outerHTML;
})()"""
