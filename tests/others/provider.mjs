// A real OpenID provider: its login page asks nothing, whoever is named by `who` is in.
//
// Prints its address, and answers until its input ends.

import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [client_id, client_secret, redirect_uri] = process.argv.slice(2);
const PEOPLE = {
  "7001": { email: "chen@example.com", email_verified: true },
  "7002": { email: "chen@example.com", email_verified: false },
  "7003": { email: "stranger@example.com", email_verified: true },
};

let answer = (_request, response) => response.end();
const server = createServer((request, response) => answer(request, response));
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id, client_secret, redirect_uris: [redirect_uri],
      grant_types: ["authorization_code"], response_types: ["code"],
    }],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["of the tests alone"] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context, id) => ({
      accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }),
    }),
    interactions: { url: (_context, { uid }) => `/login/${uid}` },
    pkce: { required: () => true },
  });
  const told = provider.callback();
  answer = async (request, response) => {
    const address = new URL(request.url, issuer);
    if (!address.pathname.startsWith("/login/")) return told(request, response);
    const who = address.searchParams.get("who");
    if (who === null) {
      const error = { error: "access_denied" };
      return provider.interactionFinished(request, response, error);
    }
    const grant = new provider.Grant({ accountId: who, clientId: client_id });
    grant.addOIDCScope("openid email");
    const grantId = await grant.save();
    return provider.interactionFinished(
      request, response, { login: { accountId: who }, consent: { grantId } },
    );
  };
  process.stdout.write(`${issuer}\n`);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
