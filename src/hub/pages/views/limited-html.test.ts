import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitedHtml, withoutTags } from './limited-html.ts'

const cases: [text: string, html: string][] = [
  ['plain & simple', 'plain &#38; simple'],
  ['a <b>bold</b> word', 'a <b>bold</b> word'],
  ['left <em>open', 'left <em>open</em>'],
  ['closed</p> too much', 'closed too much'],
  ['one<br/>two', 'one<br>two'],
  ['<script>alert(1)</script>', '&#60;script&#62;alert(1)&#60;/script&#62;'],
  ['<b onclick="x()">b</b>', '<b>b</b>'],
  ['<img src=x onerror=alert(1)>', '&#60;img src=x onerror=alert(1)&#62;'],
  [
    '<a href="https://a.org/?x=1&amp;y=2" onclick="x()">a</a>',
    '<a href="https://a.org/?x=1&#38;y=2" target="_blank" rel="noopener noreferrer">a</a>',
  ],
  ['<a href="javascript:alert(1)">a</a>', 'a'],
  ['<a href="//evil.org">a</a>', 'a'],
  ['<a href="&#106;avascript:x">a</a>', 'a'],
]

for (const [text, html] of cases) {
  test(`${text} becomes ${html}`, () => assert.equal(limitedHtml(text), html))
}

test('a label has no tags', () => {
  assert.equal(withoutTags('GPU <b class="x">A100</b> <1 h'), 'GPU A100 <1 h')
})
