'use strict';
// Patterns with "*" (any text), "?" (any one character) and "\" (the next character as it is).

/// In time linear in the text for each star: no pattern makes it explode.
function matches(text, pattern) {
  if (pattern === '*') return true;
  const letters = Array.from(text);
  const signs = Array.from(pattern);
  let at = 0;
  let sign = 0;
  let starSign = -1;
  let starAt = 0;
  while (at < letters.length) {
    const isEscaped = signs[sign] === '\\' && sign + 1 < signs.length;
    const wanted = isEscaped ? signs[sign + 1] : signs[sign];
    if (!isEscaped && wanted === '*') {
      starSign = sign;
      starAt = at;
      sign += 1;
    } else if (wanted !== undefined && ((!isEscaped && wanted === '?') || wanted === letters[at])) {
      at += 1;
      sign += isEscaped ? 2 : 1;
    } else if (starSign !== -1) {
      sign = starSign + 1;
      starAt += 1;
      at = starAt;
    } else {
      return false;
    }
  }
  while (signs[sign] === '*') sign += 1;
  return sign === signs.length;
}

exports.matches = matches;
