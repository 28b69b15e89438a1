/**
 * What an administrator's Jinja2 template may hold and nunjucks can't parse, rewritten without moving a line.
 * Inline scripts, which the strict content security policy would refuse, get the page's nonce: the template is the
 * administrator's own file, so what stands there literally is trusted.
 */
export function mendTemplate(source: string): string {
  return source
    .replace(/(\{%-?\s*block\s+\w+)(?:\s+(?:scoped|required))+(\s*-?%\})/g, '$1$2')
    .replace(/(\{%-?\s*set\s+)(\w+)\.(\w+)\s*=\s*([^%]*?)(\s*-?%\})/g, '$1__ = __assign($2, "$3", $4)$5')
    .replace(/\{%\+/g, '{%')
    .replace(/\+%\}/g, '%}')
    .replace(/<script(?![^>]*\bnonce=)(?=[\s>])/gi, '<script nonce="{{ csp_nonce }}"')
}
