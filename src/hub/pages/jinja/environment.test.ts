import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { TemplateFailure, templateEnvironment } from './environment.ts'

/** Renders a Jinja2 template that stands in an administrator's directory. */
function rendered(t: { after(done: () => void): void }, source: string, variables: Record<string, unknown> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'himalia-templates-'))
  t.after(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'own.html'), source)
  return templateEnvironment([dir]).render('own.html', variables).trim()
}

const servers = {
  all_spawners: (options: { include_default: boolean }) => (options.include_default ? ['', 'b'] : ['b']),
}
const at = new Date('2026-03-04T05:06:07.089Z')

/** What Jinja2 prints for each of these. */
const cases: [source: string, variables: Record<string, unknown>, expected: string][] = [
  ['{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}', { d: { a: 1, b: 2 } }, 'a=1;b=2;'],
  ['{% for k in d %}{{ k }};{% endfor %}', { d: { a: 1, b: 2 } }, 'a;b;'],
  ['{{ d.get("x", "none") }}', { d: {} }, 'none'],
  ['{% if x is none %}none{% endif %}{% if y is not defined %} gone{% endif %}', { x: null }, 'none gone'],
  ['{% if empty %}full{% else %}empty{% endif %}', { empty: [] }, 'empty'],
  ['{% if not empty and full %}yes{% endif %}', { empty: {}, full: [0] }, 'yes'],
  ['{{ empty or "nothing" }} {{ "a" if empty else "b" }}', { empty: [] }, 'nothing b'],
  ['{{ x | tojson }}', { x: { a: "</script>'" } }, '{"a":"\\u003c/script\\u003e\\u0027"}'],
  ['{% set n = namespace(x=1) %}{% for i in [1, 2] %}{% set n.x = i %}{% endfor %}{{ n.x }}', {}, '2'],
  ['{% for i in "ab" %}{{ loop.index }}{{ i }}{{ "" if loop.last else "," }}{% endfor %}', {}, '1a,2b'],
  ['{{ user.all_spawners(include_default=False) | join }}', { user: servers }, 'b'],
  ['{{ at.isoformat() + "Z" }} {{ at.strftime("%Y-%m-%d") }}', { at }, '2026-03-04T05:06:07.089000Z 2026-03-04'],
  ['{{ "%s has %d" | format("ada", 2) }} {{ "{} {x}".format(1, x=2) }}', {}, 'ada has 2 1 2'],
  ['{{ name[:3] }} {{ name.upper() }} {{ name.startswith("a") }}', { name: 'alice' }, 'ali ALICE true'],
  ['{{ us | map(attribute="name") | join(",") }}', { us: [{ name: 'a' }, { name: 'b' }] }, 'a,b'],
  ['{{ us | selectattr("n", "equalto", 2) | length }}', { us: [{ n: 1 }, { n: 2 }] }, '1'],
  [
    '{% macro tag(x, y="z") %}<{{ x }}{{ y }}>{% endmacro %}{{ tag("a") }}{{ tag("&", y=True) }}',
    {},
    '<az><&amp;true>',
  ],
  ['{% set x %}<b>{{ y }}</b>{% endset %}{{ x }}', { y: '<' }, '<b>&lt;</b>'],
  ['{% for i in [1] %}{% block b scoped %}{{ i }}{% endblock b %}{% endfor %}', {}, '1'],
  ['{{ None is none }} {{ True and "x" }}', {}, 'true x'],
  ['{{ evil }}{{ good | safe }}', { evil: '<i>', good: '<b>' }, '&lt;i&gt;<b>'],
  ['{%- if true +%} x {%+ endif %}', {}, 'x'],
  [
    '<script>1</script><script src="x"></script>',
    { csp_nonce: 'n' },
    '<script nonce="n">1</script><script nonce="n" src="x"></script>',
  ],
]

for (const [source, variables, expected] of cases) {
  test(`${source} gives what Jinja2 gives`, (t) => {
    assert.equal(rendered(t, source, variables), expected)
  })
}

test('a template of the administrator extends the stock one of the same name and keeps its blocks', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'himalia-templates-'))
  t.after(() => rmSync(dir, { recursive: true }))
  writeFileSync(
    join(dir, '404.html'),
    '{% extends "templates/404.html" %}{% block error_detail %}mine {{ super() }}{% endblock %}',
  )
  const html = templateEnvironment([dir]).render('404.html', {
    t: (key: string) => key,
    message: 'theirs',
    jhdata: {},
    static_url: String,
  })

  assert.match(html, /mine\s+<p class="lead">theirs<\/p>/)
})

test('a template outside the directories is not found', (t) => {
  assert.throws(() => rendered(t, '{% include "../../package.json" %}'), TemplateFailure)
})

test('a broken template names its file and line', (t) => {
  assert.throws(
    () => rendered(t, 'fine\n\n{{ nothing.here() }}'),
    (error: TemplateFailure) => {
      assert.match(error.file, /own\.html$/)
      assert.equal(error.line, 3)
      assert.match(error.message, /nothing/)
      return true
    },
  )
  assert.throws(() => rendered(t, 'fine\n{% if %}'), { name: 'TemplateFailure', line: 2 })
})
