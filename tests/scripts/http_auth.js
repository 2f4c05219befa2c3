// k6/http: digest authentication.
import http from 'k6/http';
import { equal, finished, isLoader, throws } from './assert.js';

const withUser = (info) => __ENV.SERVER.replace('//', `//${info}@`);
const digest = (query, info = 'user:secret', body = null) =>
  http.request('POST', `${withUser(info)}/digest/user/secret${query}`, body, { auth: 'digest' });

export default function () {
  for (const query of ['', '?qop=auth']) {
    const response = digest(query, 'user:secret', 'x');
    equal([response.status, response.body], [200, 'welcome'], `digest ${query}`);
    const route = `/digest/user/secret${query}`;
    equal([response.url, response.request.url], [__ENV.SERVER + route, withUser('user:secret') + route], 'its URL');
  }
  equal(digest('?qop=auth', 'user:wrong').status, 401, 'a wrong password');
  const open = http.get(`${withUser('u:p')}/echo`, { auth: 'digest' });
  equal(open.status, 200, 'where nobody asks');
  const [challenge] = http.batch([['GET', `${withUser('user:secret')}/digest/user/secret`, null, { auth: 'digest' }]]);
  equal(challenge.body, 'welcome', 'in a batch');
  // k6 knows MD5 and qop "auth" alone, and sends the password by basic authentication first.
  if (isLoader) {
    for (const query of ['?qop=auth-int', '?qop=auth&algorithm=SHA-256', '?qop=auth&algorithm=MD5-sess']) {
      equal(digest(query, 'user:secret', 'x').body, 'welcome', `digest ${query}`);
    }
    throws(() => http.get(__ENV.SERVER, { auth: 'ntlm' }), /^GoError: NTLM authentication/, 'NTLM');
  }
  finished('http_auth');
}
