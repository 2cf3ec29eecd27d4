/** `&amp;#64;` is escaped twice. */
const MAX_ESCAPES = 3;

/** Named ones of characters that addresses and numbers contain, or that hide them (WHATWG HTML, 13.5). */
const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', commat: '@', period: '.', plus: '+', lowbar: '_', underbar: '_', percnt: '%' },
  ...{ hyphen: '-', dash: '-', minus: '-', ndash: '-', mdash: '-', lpar: '(', rpar: ')', sol: '/' },
  ...{ colon: ':', middot: '·', centerdot: '·', bull: '•', apos: "'", rsquo: '’', lsquo: '’' },
  ...{ lt: '<', gt: '>', quot: '"', num: '#', nbsp: ' ', nonbreakingspace: ' ', ensp: ' ' },
  ...{ emsp: ' ', thinsp: ' ', thinspace: ' ', hairsp: ' ', numsp: ' ', puncsp: ' ', tab: ' ' },
  ...{ newline: ' ', shy: '', zwj: '', zwnj: '', lrm: '', rlm: '', nobreak: '' },
  ...{ zerowidthspace: '', invisiblecomma: '', invisibletimes: '' },
};
/** A number may lack the semicolon. Bounded, so that it takes linear time. */
const ENTITY = /&(?:#x0{0,64}([\da-f]{1,6})(?![\da-f])|#0{0,64}(\d{1,7})(?!\d)|([a-z]{2,20}););?/gi;
const MAX_CODE_POINT = 0x10ffff;

/**
 * Returns a text without HTML entities: numeric ones, and the named ones that may be part of an
 * e-mail address or a phone number. Others stay.
 */
export function withoutEntities(text: string): string {
  let decoded = text;
  for (let times = 0; times < MAX_ESCAPES && decoded.includes('&'); times += 1) {
    const before = decoded;
    decoded = decoded.replace(ENTITY, (written, hex?: string, decimal?: string, name = '') => {
      if (hex === undefined && decimal === undefined) return NAMED[name.toLowerCase()] ?? written;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > MAX_CODE_POINT ? written : String.fromCodePoint(code);
    });
    if (decoded === before) break;
  }
  return decoded;
}
