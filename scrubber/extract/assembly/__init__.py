"""Chosen segments -> typed blocks, one file per kind of content.

assemble    the way in: pieces of the chosen segments -> blocks
parts       what an element is read as: by its tag, its ARIA role, its names
inline      a line of text -> text and Markdown; math (mathml): its formulas; urls: its links
code, footnotes, images, lists, tables      what each needs to know
"""
