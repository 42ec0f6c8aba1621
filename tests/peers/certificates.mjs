/* @digitalbazaar/vc and jose read certificates: on standard input the contexts, the
   issuer's did.json, and cases of {document | token, statuses}; on standard output for
   each whether it holds, and whether it was revoked. */

import { readFileSync } from "node:fs";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import { importJWK, jwtVerify } from "jose";

const { contexts, did, cases } = JSON.parse(readFileSync(0, "utf8"));
const methods = Object.fromEntries(did.verificationMethod.map((method) => [method.id, method]));

const loader = (statuses) => async (url) => {
  const found = contexts[url] ?? (url === did.id ? did : null) ?? method(url) ?? (statuses?.id === url ? statuses : null);
  if (!found) throw new Error(`not found: ${url}`);
  return { contextUrl: null, documentUrl: url, document: found };
};
const method = (url) => methods[url] && { "@context": "https://w3id.org/security/multikey/v1", ...methods[url] };

async function proof({ document, statuses, now }) {
  const suite = new DataIntegrityProof({ cryptosuite });
  const documentLoader = loader(statuses);
  const result = await vc.verifyCredential({
    credential: document, suite, documentLoader, now, checkStatus,
  });
  const [status] = result.statusResult?.results ?? [];
  return {
    holds: result.verified,
    revoked: status?.status ?? null,
    because: [result.error?.errors?.map(String), String(result.error ?? "")].flat().join("; "),
  };
}

async function token({ token, now }) {
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => importJWK(methods[kid].publicKeyJwk, "ES256"),
      { algorithms: ["ES256"], issuer: did.id, currentDate: new Date(now) },
    );
    return { holds: true, jti: payload.jti };
  } catch (error) {
    return { holds: false, because: String(error) };
  }
}

const said = [];
for (const one of cases) said.push(await (one.token ? token(one) : proof(one)));
process.stdout.write(JSON.stringify(said));
